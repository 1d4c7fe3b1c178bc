import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
interface Example {
  readonly name: string
  readonly nodes: Readonly<Record<string, unknown>>
  readonly notes: readonly { readonly text: string }[]
}
const pipelines = readdirSync(examples)
  .filter((file) => file.endsWith('.plumb.json'))
  .map((file) => JSON.parse(readFileSync(path.join(examples, file), 'utf8')) as Example)

let app: RunningApp

test.beforeEach(async () => {
  app = await startInFolder('gallery', 'loan-approval.plumb.json')
})
test.afterEach(() => app?.stop())

/** Run to their ends in windows of other tests, or without a window in engine/check/examples.test.ts, as all six are. */
const runElsewhere: ReadonlySet<string> = new Set(['Loan approvals', 'Nine stages', 'Small images'])

test('every worked pipeline opens from the start page; the shorter ones run to their end', async ({ page }) => {
  test.setTimeout(120_000)
  const watched = watchPage(page)
  await page.goto(app.address)
  await expect(page.locator('[data-node]').first()).toBeVisible()
  for (const { name, nodes, notes } of pipelines) {
    await page.getByRole('button', { name: 'Plumbline, start page' }).click()
    const worked = page.getByRole('region', { name: 'Worked pipelines' })
    await worked.getByRole('button', { name: new RegExp(`^${name}`) }).click()
    const cards = page.locator('[data-node]')
    await expect(cards, name).toHaveCount(Object.keys(nodes).length)
    for (const { text } of notes) await expect(page.getByText(text)).toBeVisible()
    if (runElsewhere.has(name)) continue
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    const ended = page.locator(
      '[data-node][data-state="done"], [data-node][data-state="cached"], [data-node][data-state="gate"]',
    )
    await expect(ended, name).toHaveCount(Object.keys(nodes).length, { timeout: 90_000 })
  }
  watched.expectNone()
})
