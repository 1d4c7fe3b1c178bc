import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const document = {
  format: 1,
  name: 'Own',
  nodes: {
    loans: { type: 'data/example', version: 1, params: { set: 'loans', rows: 300 } },
    few: { type: 'custom/few', version: 1, params: {} },
  },
  edges: [{ from: 'loans.table', to: 'few.table' }],
  layout: { loans: [0, 0], few: [260, 0] },
}

const source = `import { z } from 'zod'
import { defineNode } from '#contract'
import { takeRows } from '#ml/frame'

export default defineNode({
  type: 'custom/few',
  version: 1,
  title: 'A few rows',
  doc: 'Keeps the first rows of a table. For tests.',
  inputs: { table: { type: 'table', doc: 'Rows to keep from' } },
  outputs: { table: { type: 'table', doc: 'The rows that were kept' } },
  params: z.object({ rows: z.int().min(1).default(10).meta({ title: 'Rows', description: 'How many rows to keep' }) }),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, params, context }) => {
    const frame = await context.tables.read(inputs.table)
    const kept = takeRows(frame, Uint32Array.from({ length: params.rows }, (_, row) => row))
    return { table: await context.tables.write(kept) }
  },
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`

let folder = ''
let app: RunningApp
const settings = process.env.PLUMBLINE_SETTINGS
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-own-'))
  process.env.PLUMBLINE_SETTINGS = path.join(folder, 'settings')
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ format: 1, name: 'Own' }))
  for (const name of ['few', 'halves', 'wrong']) mkdirSync(path.join(folder, 'custom-nodes', name), { recursive: true })
  writeFileSync(path.join(folder, 'custom-nodes', 'few', 'node.ts'), source)
  writeFileSync(path.join(folder, 'custom-nodes', 'halves', 'node.ts'), "throw new Error('This is only a half')")
  writeFileSync(path.join(folder, 'custom-nodes', 'halves', 'permissions.json'), '{"read": ["data"], "network": true}')
  writeFileSync(path.join(folder, 'custom-nodes', 'wrong', 'node.ts'), source.replace('version: 1', "version: '1'"))
  const file = path.join(folder, 'own.plumb.json')
  writeFileSync(file, JSON.stringify(document))
  app = await startApp([file])
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
  if (settings === undefined) delete process.env.PLUMBLINE_SETTINGS
  else process.env.PLUMBLINE_SETTINGS = settings
})

test('nodes of the project are shown before they run, run once trusted, and follow what is saved', async ({ page }) => {
  const watched = watchPage(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto(app.address)
  const palette = page.getByRole('navigation', { name: 'Nodes' })
  const note = palette.getByRole('region', { name: 'Custom nodes' })
  await expect(note).toContainText('3 nodes of this project are not trusted yet.')
  await expect(palette.getByRole('button', { name: 'A few rows' })).toHaveCount(0)
  const card = page.locator('[data-node="few"]')
  await expect(card).toContainText('is a node of this project that is not trusted')
  await card.click()
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(inspector.getByRole('tab', { name: 'Settings' })).toHaveCount(0)
  await expect(inspector).toContainText('Trust the custom nodes of this project')
  await inspector.getByRole('button', { name: 'Look at them' }).click()
  const sheet = page.getByRole('dialog', { name: 'Custom nodes' })
  await expect(sheet.getByRole('listitem').filter({ hasText: 'halves' })).toContainText('reads data')
  await expect(sheet.getByRole('listitem').filter({ hasText: 'few' })).toContainText('nothing but its inputs')
  const wrong = sheet.getByRole('listitem').filter({ hasText: 'wrong' })
  await expect(wrong).toContainText(
    "custom-nodes/wrong/node.ts, line 7: Type 'string' is not assignable to type 'number'",
  )
  await expect(wrong).toContainText('Change line 7')
  await expect(sheet.getByRole('status')).toHaveText('The types of their code were checked without running it.')
  await page.screenshot({ path: test.info().outputPath('custom-ask.png') })
  expect(await axeFindings(page)).toEqual([])
  await sheet.getByRole('button', { name: 'Trust, and follow my changes' }).click()
  await expect(sheet.getByRole('listitem').filter({ hasText: 'few' })).toContainText('ready')
  await expect(sheet.getByRole('listitem').filter({ hasText: 'halves' })).toContainText('This is only a half')
  await expect(wrong).toContainText('broken')
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.waitForTimeout(300)
  await page.screenshot({ path: test.info().outputPath('custom-dark.png') })
  expect(await axeFindings(page)).toEqual([])
  await page.emulateMedia({ colorScheme: 'light' })
  await sheet.getByRole('button', { name: 'Close' }).click()
  await expect(palette.getByRole('button', { name: 'A few rows' })).toBeVisible()
  await expect(note.getByRole('button', { name: /halves/ })).toBeVisible()

  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(card).toContainText('10 rows', { timeout: 60_000 })
  const file = path.join(folder, 'custom-nodes', 'few', 'node.ts')
  writeFileSync(file, readFileSync(file, 'utf8').replace('A few rows', 'Not many rows'))
  await expect(palette.getByRole('button', { name: 'Not many rows' })).toBeVisible()
  await expect(card).toHaveAttribute('data-state', 'stale')
  await expect(card.locator('.node-state')).toHaveAttribute('title', /code/)
  await expect(card).toContainText('Not many rows')
  await page.screenshot({ path: test.info().outputPath('custom-stale.png') })

  const good = readFileSync(file, 'utf8')
  writeFileSync(file, good.replace('length: params.rows', "length: 'many'"))
  await expect(palette.getByRole('button', { name: 'Not many rows' })).toHaveCount(0)
  await expect(note.getByRole('button', { name: /few.*line \d+: No overload/ })).toBeVisible()
  await note.getByRole('button', { name: /few/ }).scrollIntoViewIfNeeded()
  await expect(card).toContainText(
    /does not run: custom-nodes\/few\/node\.ts, line \d+: No overload .*: Type 'string' is not assignable/,
  )
  await expect(inspector).toContainText(/Change line \d+ of custom-nodes\/few\/node\.ts so that its types fit/)
  await page.screenshot({ path: test.info().outputPath('custom-types.png') })
  writeFileSync(file, good)
  await expect(palette.getByRole('button', { name: 'Not many rows' })).toBeVisible()
  await expect(card).toHaveAttribute('data-state', 'stale')
  watched.expectNone()
})
