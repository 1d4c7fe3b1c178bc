import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const program = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')

/** Version 2 of a node: `count` has become `rows`, and the second input is gone. */
const source = `import { z } from 'zod'
import { defineNode } from '#contract'
import { takeRows } from '#ml/frame'

export default defineNode({
  type: 'custom/few',
  version: 2,
  title: 'A few rows',
  doc: 'Keeps the first rows of a table. For tests.',
  inputs: { table: { type: 'table', doc: 'Rows to keep from' } },
  outputs: { table: { type: 'table', doc: 'The rows that were kept' } },
  params: z.object({ rows: z.int().min(1).default(10).meta({ title: 'Rows', description: 'How many rows to keep' }) }),
  migrate: { 1: ({ count, ...others }) => ({ ...others, rows: count ?? 10 }) },
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, params, context }) => {
    const frame = await context.tables.read(inputs.table)
    const kept = takeRows(frame, Uint32Array.from({ length: params.rows }, (_, row) => row))
    return { table: await context.tables.write(kept) }
  },
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`
/** Saved when the node was at version 1. */
const document = {
  format: 1,
  name: 'Older',
  nodes: {
    few: { type: 'custom/few', version: 1, params: { count: 7 } },
    loans: { type: 'data/example', version: 1, params: { set: 'loans', rows: 300 } },
    more: { type: 'data/example', version: 1, params: { set: 'loans', rows: 100 } },
  },
  edges: [
    { from: 'loans.table', to: 'few.table' },
    { from: 'more.table', to: 'few.extra' },
  ],
  layout: { few: [280, 0], loans: [0, 0], more: [0, 160] },
}

let folder = ''
let file = ''
let app: RunningApp
const settings = process.env.PLUMBLINE_SETTINGS
test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-older-'))
  process.env.PLUMBLINE_SETTINGS = path.join(folder, 'settings')
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ format: 1, name: 'Older' }))
  mkdirSync(path.join(folder, 'custom-nodes', 'few'), { recursive: true })
  writeFileSync(path.join(folder, 'custom-nodes', 'few', 'node.ts'), source)
  file = path.join(folder, 'older.plumb.json')
  writeFileSync(file, JSON.stringify(document))
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
  if (settings === undefined) delete process.env.PLUMBLINE_SETTINGS
  else process.env.PLUMBLINE_SETTINGS = settings
})

const onDisk = () => JSON.parse(readFileSync(file, 'utf8'))
const card = (page: Page) => page.locator('[data-node="few"]')
const ghost = (page: Page) => page.locator('[data-ghost="few.extra"]')
const banner = (page: Page) => page.getByText('Nodes of this file were saved by older versions')

test('a file of an older version says what was brought up to date; the wire of a port that is gone stays; undo shows the old', async ({
  page,
}) => {
  execFileSync(process.execPath, [program, 'node', 'trust', '--yes', '--project', folder])
  const watched = watchPage(page)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  app = await startApp([file])
  await page.goto(app.address)
  await expect(banner(page)).toContainText('A few rows 1 → 2')
  await expect(ghost(page)).toBeVisible()
  await expect(page.getByRole('img', { name: 'Wire from Example data to A few rows' })).toHaveCount(2)
  expect(onDisk()).toEqual(document)
  await page.screenshot({ path: test.info().outputPath('migration.png') })
  expect(await axeFindings(page)).toEqual([])

  await page.getByRole('button', { name: 'What changed' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog).toContainText('Bring up to date')
  await expect(dialog).toContainText('count')
  await expect(dialog).toContainText('rows')
  await page.screenshot({ path: test.info().outputPath('migration-changes.png') })
  await page.keyboard.press('Escape')
  await card(page).click()
  await expect(page.getByLabel('Rows', { exact: true }).first()).toHaveValue('7')

  await page.keyboard.press('Escape')
  await page.locator('.react-flow__pane').click({ position: { x: 500, y: 40 } })
  await page.keyboard.press('ControlOrMeta+z')
  await card(page).click()
  await expect(page.getByText('This node is as its version 1 was saved.')).toBeVisible()
  await page.locator('.react-flow__pane').click({ position: { x: 500, y: 40 } })
  await page.keyboard.press('ControlOrMeta+Shift+z')
  await expect.poll(() => onDisk().nodes.few).toEqual({ type: 'custom/few', version: 2, params: { rows: 7 } })
  expect(onDisk().edges).toContainEqual({ from: 'more.table', to: 'few.extra' })

  await expect(ghost(page)).toHaveAttribute('aria-label', /extra: this node has no such port. Its wire is kept/)
  await card(page).click()
  await page.getByRole('tab', { name: 'Problem' }).click()
  await expect(page.getByRole('tabpanel', { name: 'Problem' })).toContainText('ends at input "extra"')
  await page.screenshot({ path: test.info().outputPath('migration-ghost.png') })
  await page.getByRole('button', { name: 'Remove this wire' }).click()
  await expect(ghost(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(card(page)).toContainText('7 rows', { timeout: 60_000 })
  watched.expectNone()
})

test('a node that is trusted while the file is open brings it up to date then', async ({ page }) => {
  app = await startApp([file])
  await page.goto(app.address)
  await expect(card(page)).toContainText('not trusted')
  await expect(banner(page)).toHaveCount(0)
  await page.getByRole('button', { name: 'Look at them' }).first().click()
  await page.getByRole('button', { name: 'Trust these nodes' }).click()
  await expect(banner(page)).toContainText('A few rows 1 → 2')
  await expect(ghost(page)).toBeVisible()
  expect(onDisk()).toEqual(document)
  await card(page).click()
  await page.getByRole('tab', { name: 'Settings' }).click()
  await expect(page.getByLabel('Rows', { exact: true }).first()).toHaveValue('7')
})
