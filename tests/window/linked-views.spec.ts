import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Locator, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp
const file = () => path.join(folder, 'people.plumb.json')
const node = (type: string, params: object = {}) => ({ type, version: 1, params })
const pipeline = {
  format: 1,
  name: 'People',
  nodes: {
    read: node('data/read-file', { path: 'people.csv' }),
    profile: node('data/profile'),
    schema: node('data/infer-schema', { target: 'approved', protected: ['age_group'], id: 'person' }),
    validate: node('data/validate-schema'),
    split: node('data/split'),
    learn: node('train/linear'),
    slices: node('assess/slices', { together: 0 }),
  },
  edges: [
    { from: 'read.table', to: 'profile.table' },
    { from: 'read.table', to: 'schema.table' },
    { from: 'read.table', to: 'validate.table' },
    { from: 'schema.schema', to: 'validate.schema' },
    { from: 'validate.table', to: 'split.table' },
    { from: 'split.table', to: 'learn.table' },
    { from: 'learn.model', to: 'slices.model' },
    { from: 'split.table', to: 'slices.table' },
  ],
  layout: {
    read: [0, 120],
    profile: [240, 260],
    schema: [240, 0],
    validate: [480, 120],
    split: [740, 120],
    learn: [1000, 40],
    slices: [1240, 120],
  },
}

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-views-'))
  const lines = Array.from({ length: 240 }, (_, row) => {
    const purpose = ['car', 'home', 'study'][row % 3]
    const debt = row % 10 === 0 ? '' : ((row * 37) % 240) / 10
    return `p${row},${debt},${purpose},${row % 4 === 0 ? '60+' : 'under 60'},${row % 5 < 2 ? 'yes' : 'no'}`
  })
  writeFileSync(path.join(folder, 'people.csv'), `person,debt,purpose,age_group,approved\n${lines.join('\n')}\n`)
  writeFileSync(file(), JSON.stringify(pipeline))
  app = await startApp([file()])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(7)
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-node="slices"]')).toHaveAttribute('data-state', /done|cached/)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const bars = (page: Page, column: string) => page.getByRole('listbox', { name: `${column}: choose rows by its values` })
const chip = (page: Page) => page.locator('.dock .selection-chip')
const chosenRows = (page: Page) => page.locator('.dock .table-row.chosen')

/** Presses on one share of the width and lets go on another. */
async function drag(page: Page, target: Locator, from: number, to: number) {
  const box = (await target.boundingBox())!
  const y = box.y + box.height / 2
  await page.mouse.move(box.x + box.width * from, y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * ((from + to) / 2), y, { steps: 3 })
  await page.mouse.move(box.x + box.width * to, y, { steps: 3 })
  await page.mouse.up()
}

test('by mouse: bars of a column choose rows, all views follow, and what is chosen is kept as a node', async ({
  page,
}) => {
  const watched = watchPage(page)
  await page.locator('[data-node="read"]').click()
  await bars(page, 'purpose').getByRole('option', { name: /^car/ }).click()
  await expect(chip(page)).toContainText('purpose = car')
  await expect(chip(page)).toContainText('80 of 240 (33')
  await expect(bars(page, 'approved').getByRole('option', { name: /^yes/ })).toHaveText(/96 rows, 32 chosen/)
  await expect(chosenRows(page).first()).toContainText('car')
  await bars(page, 'purpose')
    .getByRole('option', { name: /^home/ })
    .click({ modifiers: ['Shift'] })
  await expect(chip(page)).toContainText('purpose = car or home')
  await expect(chip(page)).toContainText('160 of 240')

  await drag(page, bars(page, 'debt'), 0.02, 0.4)
  await expect(chip(page)).toContainText(/purpose = car or home and debt 0\.1 to/)
  await expect(chip(page).locator('.selection-count')).toHaveText(/^\d+ of 240/)
  const [count] = (await chip(page).locator('.selection-count').innerText()).split(' ')
  await chip(page).getByRole('button', { name: 'Only these' }).click()
  await expect(page.locator('.dock .table-bar > [role=status]')).toHaveText(`${count} rows × 5 columns`)
  await expect(page.locator('.dock .table-row:not(.chosen)')).toHaveCount(0)
  await expectAccessible(page, '.inspector', '.dock')

  await page.locator('[data-node="split"]').click()
  await expect(chip(page)).toContainText(`${count} of 240`)
  await page.locator('[data-node="read"]').click()
  await chip(page).getByRole('button', { name: 'Keep as slice' }).click()
  const kept = page.locator('.node-card[data-selected="true"]')
  await expect(kept).toContainText('purpose = car or home')
  await expect(page.getByRole('tab', { name: 'Columns' })).toBeVisible()
  await page.getByRole('tab', { name: 'Columns' }).click()
  await expect(page.locator('.dock-columns')).toContainText('debt')
  await page.getByRole('tab', { name: 'Data' }).click()
  await page.keyboard.press('Control+Enter')
  await expect(kept).toContainText(`${count} of 240 rows`)
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(7)
  await page.keyboard.press('Control+Shift+z')
  await expect(page.locator('[data-node]')).toHaveCount(8)
  watched.expectNone()
})

test('by keys: from a cell to the bars, along them, and into the slices that are judged', async ({ page }) => {
  await page.locator('[data-node="split"]').click()
  const grid = page.locator('.dock [role=grid]')
  await expect(bars(page, 'debt')).toBeVisible()
  await grid.focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('b')
  await expect(bars(page, 'debt')).toBeFocused()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('Shift+ArrowRight')
  await expect(bars(page, 'debt').locator('[aria-selected=true]')).toHaveCount(3)
  await expect(chip(page)).toContainText(/debt 2\.\d+ to under/)
  await page.keyboard.press('End')
  await page.keyboard.press('Shift+Space')
  await expect(chip(page)).toContainText('or missing')
  await page.keyboard.press('Escape')
  await expect(chip(page)).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(grid).toBeFocused()

  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Space')
  await expect(chip(page)).toContainText('purpose = car')
  await expect(chip(page).getByRole('status')).toHaveText(/80 rows of 240 chosen: purpose = car/)
  await page.keyboard.press('Alt+k')
  await expect(page.locator('[data-node="slices"]')).toHaveAttribute('data-selected', 'true')
  await expect.poll(() => readFileSync(file(), 'utf8')).toContain('"name": "purpose = car"')
  await page.keyboard.press('Escape')
  await expect(page.locator('.selection-chip')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect.poll(() => readFileSync(file(), 'utf8')).not.toContain('purpose = car')
})

test('charts choose rows and follow: a histogram, and bars of the worst slices', async ({ page }) => {
  await page.locator('[data-node="profile"]').click()
  await page.getByRole('tab', { name: 'Result', exact: true }).click()
  const debt = page.locator('.inspector').getByRole('listbox', { name: 'debt: choose rows by its parts' })
  await debt.scrollIntoViewIfNeeded()
  await drag(page, debt, 0.3, 0.6)
  const above = page.locator('.inspector .selection-chip')
  await expect(above).toContainText(/debt \d/)
  await expect(above.locator('.selection-count')).toHaveText(/^\d+ of 240/)
  await expect(debt.locator('.brush-part').first()).toBeVisible()
  await expectAccessible(page, '.inspector', '.dock')
  const count = await above.locator('.selection-count').innerText()
  await page.locator('[data-node="read"]').click()
  await expect(chip(page).locator('.selection-count')).toHaveText(count)

  await page.locator('[data-node="slices"]').click()
  await page.getByRole('tab', { name: 'Result', exact: true }).click()
  const worst = page.locator('.inspector').getByRole('listbox', { name: /Error rate of the worst slices/ })
  await worst.focus()
  await page.keyboard.press('Home')
  for (let at = 0; at < 12; at++) {
    await page.keyboard.press('Space')
    if ((await worst.locator('[aria-selected=true]').count()) > 0) break
    await page.keyboard.press('ArrowDown')
  }
  await expect(worst.locator('[aria-selected=true]')).toHaveCount(1)
  await expect(page.locator('.inspector .selection-chip')).toContainText(' = ')
  await page.keyboard.press('Escape')
  await expect(page.locator('.selection-chip')).toHaveCount(0)
})

test('the larger window of a chart: a box over a histogram chooses along x', async ({ page }) => {
  const watched = watchPage(page)
  await page.locator('[data-node="profile"]').click()
  await page.getByRole('tab', { name: 'Result', exact: true }).click()
  const enlarge = page.locator('.inspector').getByRole('button', { name: 'Enlarge debt' })
  await enlarge.focus()
  await enlarge.click()
  const dialog = page.locator('.report-dialog')
  await expect(dialog.locator('.plot-container .nsewdrag')).toBeVisible()
  await dialog.locator('.modebar-btn[data-val="select"]').click()
  await drag(page, dialog.locator('.plot-container .nsewdrag'), 0.25, 0.5)
  await expect(dialog.locator('.selection-chip')).toContainText(/debt \d/)
  await expect(dialog.locator('.shapelayer path')).toHaveCount(1)
  await dialog.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(dialog.locator('.shapelayer path')).toHaveCount(0)
  watched.expectNone()
})
