import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp
const rows = 6_000
const width = 60

/** A cell by row and column; every tenth note is missing. */
function cell(row: number, column: number): string {
  if (column === 0) return row % 10 === 9 ? '' : `note ${(row * 7919) % rows}`
  if (column === 1) return ['100 %', 'a_b', "o'clock", '"so ""called"""', 'plain'][row % 5]!
  return String((row * (column + 3)) % 1_009)
}

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-table-'))
  const places = Array.from({ length: width }, (_, column) => column)
  const lines = Array.from({ length: rows }, (_, row) => places.map((column) => cell(row, column)).join(','))
  const head = places.map((column) => (column === 0 ? 'note' : column === 1 ? 'sign' : `n${column}`))
  writeFileSync(path.join(folder, 'wide.csv'), `${head.join(',')}\n${lines.join('\n')}\n`)
  const file = path.join(folder, 'wide.plumb.json')
  const nodes = { read: { type: 'data/read-file', version: 1, params: { path: 'wide.csv' } } }
  writeFileSync(file, JSON.stringify({ format: 1, name: 'Wide', nodes, edges: [], layout: { read: [0, 0] } }))
  app = await startApp([file])
  await page.goto(app.address)
  await expect(page.locator('[data-node="read"]')).toBeVisible()
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-node="read"]')).toHaveAttribute('data-state', 'done')
  await page.locator('[data-node="read"]').click()
  await expect(shown(page, 0, 0)).toHaveText('note 0')
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const shown = (page: Page, row: number, column: number) =>
  page.locator(`.dock .table-cell[data-row="${row}"][data-column="${column}"]`)
const grid = (page: Page) => page.locator('.dock .table-grid')
const status = (page: Page) => page.locator('.dock .table-bar [role=status]')

test('the ends of a long and wide table are a key away, and few rows are ever in the page', async ({ page }) => {
  const watched = watchPage(page)
  await grid(page).focus()
  await page.keyboard.press('Control+End')
  await expect(shown(page, rows - 1, width - 1)).toHaveText(cell(rows - 1, width - 1))
  await page.keyboard.press('Control+ArrowUp')
  await expect(shown(page, 0, width - 1)).toHaveText('0')
  for (let step = 1; step <= 20; step++) {
    await grid(page).evaluate((element, share) => {
      element.scrollTop = share * (element.scrollHeight - element.clientHeight)
    }, step / 20)
    await expect(page.locator('.dock .table-cell[data-row]').first()).not.toHaveText('')
    expect(await page.locator('.dock .table-row').count()).toBeLessThan(200)
  }
  watched.expectNone()
})

test('the engine is asked for the rows and columns in view, and for a thousand rows at most', async ({ page }) => {
  const asked: { limit: number; columns?: [number, number] }[] = []
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const message = typeof payload === 'string' ? JSON.parse(payload) : {}
      if (message.method === 'rows') asked.push(message.argument)
    }),
  )
  await page.reload()
  await page.locator('[data-node="read"]').click()
  await expect(shown(page, 0, 0)).toHaveText('note 0')
  await grid(page).focus()
  await page.keyboard.press('Control+End')
  await expect(shown(page, rows - 1, width - 1)).toHaveText(cell(rows - 1, width - 1))
  expect(asked.length).toBeGreaterThan(0)
  for (const { limit, columns } of asked) {
    expect(limit).toBeLessThanOrEqual(1_000)
    expect(columns![1] - columns![0]).toBeLessThan(20)
  }
})

test('a search takes every character as it stands; sorted, missing ones come last', async ({ page }) => {
  const search = page.getByLabel('Search all cells')
  for (const [text, first] of [
    ['%', 0],
    ['_', 1],
    ["'", 2],
    ['"CALLED"', 3],
  ] as const) {
    await search.fill(text)
    await expect(status(page)).toHaveText(/1\s200 of 6\s000 rows match/)
    await expect(shown(page, 0, 0)).toHaveText(cell(first, 0))
  }
  await search.fill('note 77')
  await expect(status(page)).toHaveText(/of 6\s000 rows match/)
  await search.fill('')
  await expect(status(page)).toHaveText(/6\s000 rows × 60 columns/)
  const head = page.locator('.dock .table-head-cell', { hasText: 'note' }).locator('.table-head-name')
  await head.click()
  await expect(shown(page, 0, 0)).toHaveText('note 0')
  await head.click()
  await expect(shown(page, 0, 0)).toHaveText('note 999')
  await grid(page).focus()
  await page.keyboard.press('Control+ArrowDown')
  await expect(shown(page, rows - 1, 0)).toHaveText('missing')
})

test('an area far from what is in view is copied whole', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await grid(page).focus()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+c')
  await expect(status(page)).toHaveText(/Copied 360\s000 cells/)
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  const lines = copied.split('\n')
  expect(lines).toHaveLength(rows)
  expect(lines[5_003]!.split('\t').slice(2)).toEqual(Array.from({ length: width - 2 }, (_, at) => cell(5_003, at + 2)))
  expect(lines[9]!.split('\t')[0]).toBe('')
})

test('selected cells are saved as a file, in the order of the view', async ({ page }) => {
  const head = page.locator('.dock .table-head-cell', { hasText: 'note' }).locator('.table-head-name')
  await head.click()
  await head.click()
  await expect(shown(page, 0, 0)).toHaveText('note 999')
  await shown(page, 0, 0).click()
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowDown')
  await page.getByRole('button', { name: 'Save as CSV' }).click()
  await expect(status(page)).toHaveText('Saved 2 rows as data/selection.csv.')
  const saved = readFileSync(path.join(folder, 'data', 'selection.csv'), 'utf8')
    .trim()
    .split('\n')
  expect(saved).toHaveLength(3)
  expect(saved[0]).toBe('note,sign')
  expect(saved[1]).toMatch(/^note 999,/)
  expect(saved[2]).toMatch(/^note 998,/)
})
