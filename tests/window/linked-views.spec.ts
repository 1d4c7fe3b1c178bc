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
    judge: node('assess/evaluate', { rows: 'all', replicates: 0 }),
    shap: node('explain/shap', { rows: 'all' }),
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
    { from: 'learn.model', to: 'judge.model' },
    { from: 'split.table', to: 'judge.table' },
    { from: 'learn.model', to: 'shap.model' },
    { from: 'split.table', to: 'shap.table' },
  ],
  layout: {
    read: [0, 120],
    profile: [240, 260],
    schema: [240, 0],
    validate: [480, 120],
    split: [740, 120],
    learn: [1000, 40],
    slices: [1240, 120],
    judge: [1240, -60],
    shap: [1240, 300],
  },
}

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-views-'))
  const lines = Array.from({ length: 240 }, (_, row) => {
    const purpose = ['car', 'home', 'study'][row % 3]
    const debt = row % 10 === 0 ? '' : ((row * 37) % 240) / 10
    const group = row % 4 === 0 ? '60+' : 'under 60'
    return `p${row},${debt},${purpose},${group},${row % 5 < 2 ? 'yes' : 'no'},${(row * 13) % 97}`
  })
  writeFileSync(path.join(folder, 'people.csv'), `person,debt,purpose,age_group,approved,income\n${lines.join('\n')}\n`)
  writeFileSync(file(), JSON.stringify(pipeline))
  app = await startApp([file()])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(9)
  await page.keyboard.press('Control+Enter')
  for (const id of ['slices', 'judge', 'shap'])
    await expect(page.locator(`.node-card[data-node="${id}"]`)).toHaveAttribute('data-state', /done|cached/)
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
  await expect(page.locator('.dock .table-bar > [role=status]')).toHaveText(`${count} rows × 6 columns`)
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
  await expect(page.locator('[data-node]')).toHaveCount(9)
  await page.keyboard.press('Control+Shift+z')
  await expect(page.locator('[data-node]')).toHaveCount(10)
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

test('charts choose rows and follow: a histogram, bars of the worst slices, a box in the larger window', async ({
  page,
}) => {
  const watched = watchPage(page)
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

const result = async (page: Page, id: string) => {
  await page.locator(`[data-node="${id}"]`).click()
  await page.getByRole('tab', { name: 'Result', exact: true }).click()
}
const above = (page: Page) => page.locator('.inspector .selection-chip')
const part = (page: Page, name: RegExp) => page.locator('.inspector').getByRole('listbox', { name })

test('what a model says of rows, rows one by one, and two columns at once, by a box and by an outline with keys', async ({
  page,
}) => {
  const watched = watchPage(page)
  await result(page, 'judge')
  const cell = part(page, /What was predicted/).getByRole('option', { name: /^actual no, predicted no/ })
  await cell.click()
  await expect(above(page)).toContainText('actual → predicted = no → no')
  const [, count] = /: (\d+) rows?/.exec(await cell.innerText())!
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Shift+Space')
  await expect(above(page)).toContainText('actual → predicted = no → no or yes → no')
  await cell.click()
  await expect(above(page).locator('.selection-count')).toHaveText(new RegExp(`^${count} of 240`))
  await expect(
    part(page, /^Scores/)
      .locator('.brush-part')
      .first(),
  ).toBeAttached()
  const curve = part(page, /^ROC curve/)
  await curve.focus()
  await page.keyboard.press('ArrowRight')
  for (let step = 0; step < 5; step++) await page.keyboard.press('Shift+ArrowRight')
  await expect(above(page)).toContainText(/actual → predicted = no → no and score 0\.\d+ to/)
  await expect(curve.locator('.brush-stretch').first()).toBeAttached()
  await expectAccessible(page, '.inspector')
  await page.keyboard.press('Escape')
  await expect(above(page)).toHaveCount(0)
  await cell.click()

  await page.locator('[data-node="read"]').click()
  await expect(chip(page).locator('.selection-count')).toHaveText(new RegExp(`^${count} of 240`))
  await chip(page).getByRole('button', { name: 'Only these' }).click()
  await expect(page.locator('.dock .table-bar > [role=status]')).toHaveText(`${count} rows × 6 columns`)
  await expect(page.locator('.dock .table-row:not(.chosen)')).toHaveCount(0)
  await page.keyboard.press('Alt+k')
  await expect.poll(() => readFileSync(file(), 'utf8')).toContain('"operator": "one of"')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-selected="true"]')).toContainText(`${count} of 240 rows`)
  await page.keyboard.press('Escape')

  await result(page, 'shap')
  const swarm = part(page, /^Every person: choose rows along debt/)
  await swarm.scrollIntoViewIfNeeded()
  await drag(page, swarm, 0.05, 0.4)
  await expect(above(page)).toContainText(/push of debt/)
  await expect(page.locator('.inspector .point-ring').first()).toBeAttached()
  const plane = page.getByRole('group', { name: 'debt: push by value: choose points' })
  await plane.scrollIntoViewIfNeeded()
  await plane.hover()
  await page.locator('.inspector .linked-chart', { has: plane }).getByRole('button', { name: 'Lasso' }).click()
  const box = (await plane.boundingBox())!
  const at = (x: number, y: number) => page.mouse.move(box.x + box.width * x, box.y + box.height * y, { steps: 4 })
  await at(0.05, 0.05)
  await page.mouse.down()
  for (const [x, y] of [
    [0.95, 0.05],
    [0.5, 0.95],
    [0.05, 0.1],
  ] as const)
    await at(x, y)
  await page.mouse.up()
  await expect(above(page)).toContainText('value of debt and push of debt in an outline')
  await expect(plane.locator('.plane-area')).toBeAttached()
  const person = part(page, /^From the average person/)
  await person.focus()
  await page.keyboard.press('Space')
  await expect(above(page)).toContainText(/^row \d+1 of 240/)
  await page.keyboard.press('Escape')

  await page.locator('[data-node="read"]').click()
  const number = (row: number) => page.locator(`.dock [data-trace="${row}"]`)
  await number(1).click({ modifiers: ['Control'] })
  await number(3).click({ modifiers: ['Shift'] })
  await expect(chip(page)).toContainText('rows 2 to 4')
  await number(1).click({ modifiers: ['Control'] })
  await expect(chip(page)).toContainText('rows 3 to 4')
  await expect(chip(page).locator('.selection-count')).toHaveText(/^2 of 240/)
  await expect(chosenRows(page)).toHaveCount(2)
  const grid = page.locator('.dock [role=grid]')
  await grid.focus()
  await page.keyboard.press('Control+Home')
  await page.keyboard.press('Shift+Space')
  await expect(chip(page)).toContainText('rows 1 and 3 to 4')
  await page.locator('[data-node="split"]').click()
  await expect(chip(page).locator('.selection-count')).toHaveText(/^3 of 240/)
  await page.locator('[data-node="read"]').click()
  await page.keyboard.press('Alt+k')
  await expect.poll(() => readFileSync(file(), 'utf8')).toContain('"rowNumbers": "1, 3-4"')
  await page.keyboard.press('Control+Enter')
  const kept = page.locator('.node-card[data-selected="true"]')
  await expect(kept).toContainText('3 of 240 rows')

  await page.keyboard.press('Escape')
  await page.locator('[data-node="read"]').click()
  await page.getByRole('button', { name: 'Plot', exact: true }).click()
  const plot = page.getByRole('group', { name: 'income by debt: choose points' })
  await plot.scrollIntoViewIfNeeded()
  const area = (await plot.boundingBox())!
  await page.mouse.move(area.x + 0.2 * area.width, area.y + 0.2 * area.height)
  await page.mouse.down()
  await page.mouse.move(area.x + 0.6 * area.width, area.y + 0.7 * area.height, { steps: 4 })
  await page.mouse.up()
  const said = page.locator('.dock-plot .selection-chip')
  await expect(said).toContainText(/debt [\d.]+ to [\d.]+ and income \d+ to \d+/)
  await expect(page.locator('.dock-plot .point-ring').first()).toBeAttached()
  const rings = await page.locator('.dock-plot .point-ring').count()
  await expect(said.locator('.selection-count')).toHaveText(new RegExp(`^${rings} of 240`))
  await expectAccessible(page, '.dock')
  await page.keyboard.press('Escape')
  await plot.focus()
  for (const key of ['ArrowUp', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowLeft', 'ArrowLeft', 'ArrowUp', 'Space']) {
    if (key !== 'Space') for (let step = 0; step < 6; step++) await page.keyboard.press(key)
    await page.keyboard.press('Space')
  }
  await page.keyboard.press('Backspace')
  await expect(plot.getByRole('status')).toContainText('7 corners')
  await page.keyboard.press('Enter')
  await expect(said).toContainText('debt and income in an outline')
  await expect(said.locator('.selection-count')).toHaveText(/^\d+ of 240/)
  const [found] = (await said.locator('.selection-count').innerText()).split(' ')
  await expect(page.locator('.dock-plot .point-ring')).toHaveCount(Number(found))
  await page.keyboard.press('Alt+k')
  await expect.poll(() => readFileSync(file(), 'utf8')).toContain('"outline"')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-selected="true"]')).toContainText(`${found} of 240 rows`)
  watched.expectNone()
})
