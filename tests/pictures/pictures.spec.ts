import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { node } from '../window/build-pipeline.ts'
import { type RunningApp, startInFolder } from '../window/open-app.ts'
import { type Screen, screens } from './screens.ts'

/** `npm run tour`: every screen, light and dark, on a wide and a small window. Those that differ most stay in docs/tour. */
const root = path.resolve(import.meta.dirname, '../..')
const kept = path.join(root, 'docs/tour')
const looked = path.join(root, 'test-results/tour')
const sizes = [
  { width: 1760, height: 1000 },
  { width: 1280, height: 800 },
]
const isKept = (suffix: string) => suffix === 'light-1760' || suffix === 'dark-1280'

let app: RunningApp
test.setTimeout(900_000)
test.beforeAll(async () => {
  app = await startInFolder('pictures', 'nine-stages.plumb.json')
  for (const folder of [kept, looked]) mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(kept)) if (/-(light|dark)-\d+\.(png|jpg)$/.test(name)) rmSync(path.join(kept, name))
})
test.afterAll(() => app?.stop())

async function run(page: Page, keys: string): Promise<void> {
  await page.keyboard.press(keys)
  await expect(page.getByRole('button', { name: 'Stop', exact: true })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Run', exact: true })).toBeVisible({ timeout: 90_000 })
}

async function take(page: Page, screen: Screen, suffix: string): Promise<void> {
  await screen.open(page).catch(async (error) => {
    await page.screenshot({ path: path.join(looked, 'failed.png') })
    throw error
  })
  await page.waitForTimeout(900)
  const folder = isKept(suffix) ? kept : looked
  const file = path.join(folder, `${screen.name}-${suffix}.jpg`)
  await page.screenshot({ path: file, animations: 'disabled', quality: 82 })
  await screen.close?.(page)
  await page.waitForTimeout(200)
}

test('every screen', async ({ page }) => {
  page.setDefaultTimeout(15_000)
  await page.setViewportSize(sizes[0]!)
  await page.goto(app.address)
  await expect(node(page, 'deploy')).toBeVisible()
  await run(page, 'Control+Enter')
  await node(page, 'linear').click()
  await page.getByLabel('Penalty', { exact: true }).fill('10')
  await page.keyboard.press('Enter')
  await node(page, 'split').click()
  await run(page, 'Control+Alt+Enter')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    for (const size of sizes) {
      await page.setViewportSize(size)
      await page.getByRole('button', { name: 'Fit', exact: true }).click()
      await page.waitForTimeout(500)
      for (const screen of screens) await take(page, screen, `${scheme}-${size.width}`)
    }
  }
  const rows = screens.map(
    ({ name, shows }) => `| ${shows} | [light](${name}-light-1760.jpg) | [dark](${name}-dark-1280.jpg) |`,
  )
  const head = ['# Every screen', '', 'Taken by `npm run tour`: light at 1760 wide, dark at 1280 wide.', '']
  const table = ['| Screen | Light | Dark |', '| --- | --- | --- |', ...rows, '']
  writeFileSync(path.join(kept, 'README.md'), [...head, ...table].join('\n'))
})
