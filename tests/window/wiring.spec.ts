import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const node = (type: string, params: object = {}) => ({ type, version: 1, params })
const pipeline = {
  format: 1,
  name: 'Wiring',
  nodes: {
    people: node('data/read-file', { path: 'people.csv' }),
    known: node('data/read-file', { path: 'known.csv' }),
    schema: node('data/infer-schema', { target: 'approved' }),
    validate: node('data/validate-schema', { newColumns: 'keep' }),
    profile: node('data/profile', { columns: ['income', 'debt'] }),
    learn: node('train/linear', { target: 'approved' }),
  },
  edges: [
    { from: 'known.table', to: 'schema.table' },
    { from: 'people.table', to: 'validate.table' },
    { from: 'schema.schema', to: 'validate.schema' },
    { from: 'validate.table', to: 'profile.table' },
    { from: 'people.table', to: 'learn.table' },
  ],
  layout: {
    people: [0, 0],
    known: [0, 220],
    schema: [250, 220],
    validate: [500, 0],
    profile: [750, 0],
    learn: [750, 260],
  },
}

let folder = ''
let app: RunningApp
test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-wiring-'))
  const rows = Array.from({ length: 40 }, (_, row) => `${row},${row * 7},${row % 2 ? 'yes' : 'no'}`)
  writeFileSync(path.join(folder, 'people.csv'), `income,debt,approved\n${rows.join('\n')}\n`)
  const known = rows.map((row) => row.replace(/,\d+,/, ','))
  writeFileSync(path.join(folder, 'known.csv'), `income,approved\n${known.join('\n')}\n`)
  const file = path.join(folder, 'wiring.plumb.json')
  writeFileSync(file, JSON.stringify(pipeline))
  app = await startApp([file])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(6)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const port = (page: Page, address: string, side: 'input' | 'output') =>
  page.locator(`[data-port="${address}"][data-side="${side}"]`)
const list = (page: Page) => page.getByRole('dialog', { name: 'Add a node' })
const titles = (page: Page) => list(page).getByRole('option')

async function centre(page: Page, address: string, side: 'input' | 'output') {
  const { x, y, width, height } = (await port(page, address, side).boundingBox())!
  return [x + width / 2, y + height / 2] as const
}

/** A place of the canvas where nothing is, to the left and below. */
async function emptyPlace(page: Page) {
  const { x, y, height } = (await page.locator('.canvas').boundingBox())!
  return [x + 150, y + height - 60] as const
}

test('by mouse: a port tells what it carries, those that fit light up, a wire dropped on nothing asks for a node', async ({
  page,
}) => {
  const watched = watchPage(page)
  await port(page, 'people.table', 'output').hover()
  await expect(page.locator('.port-label')).toContainText('3 columns')
  await card(page, 'people').locator('header').click()
  await page.keyboard.press('Control+Shift+Enter')
  await expect(card(page, 'people')).toHaveAttribute('data-state', 'done')
  await port(page, 'people.table', 'output').hover()
  await expect(page.locator('.port-label')).toContainText('40 rows × 3 columns')

  await page.mouse.down()
  const place = await emptyPlace(page)
  await page.mouse.move(...place, { steps: 6 })
  const shine = (address: string, side: 'input' | 'output') =>
    port(page, address, side)
      .locator('.port-shape')
      .evaluate((shape) => Number(getComputedStyle(shape).opacity))
  await expect.poll(() => shine('learn.table', 'input')).toBe(1)
  await expect.poll(() => shine('learn.preparation', 'input')).toBeLessThan(0.6)
  expect(await shine('known.table', 'output')).toBeLessThan(0.6)
  await page.mouse.up()
  await expect(list(page)).toContainText('takes a table')
  await expect(titles(page).filter({ hasText: 'Gate' })).toHaveCount(0)
  await page.keyboard.type('stratified')
  await expect(titles(page).first()).toContainText('Split')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-node]')).toHaveCount(7)
  await expect(page.locator('[data-wire="people.table→split.table"]')).toHaveCount(1)

  await page.mouse.dblclick(place[0] + 500, place[1] + 20)
  await expect(list(page)).toBeVisible()
  await expect(titles(page).first()).toContainText('Split')
  await page.keyboard.press('Escape')
  await page.mouse.click(place[0] + 500, place[1] + 20)
  await page.keyboard.press('Tab')
  await expect(list(page)).toBeVisible()
  await page.keyboard.type('bline')
  await page.keyboard.press('Escape')
  await expect(list(page)).toHaveCount(0)
  watched.expectNone()
})

test('by keys: a node is added beside the selected one and wired, the list begins with what goes on from there', async ({
  page,
}) => {
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'people')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('/')
  const first = await titles(page).allTextContents()
  const gives = first.findIndex((title) => title.includes('Read file'))
  const takes = first.findIndex((title) => title.includes('Profile'))
  expect(takes).toBeGreaterThanOrEqual(0)
  expect(takes).toBeLessThan(gives)
  await page.keyboard.type('business rule')
  await expect(titles(page).first()).toContainText('Baseline')
  await page.keyboard.press('Enter')
  await expect(card(page, 'baseline')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('c')
  await expect(page.getByRole('dialog').getByRole('option').first()).toContainText('Linear')
  await expect(page.getByRole('dialog').getByRole('option').filter({ hasText: 'Profile' })).toHaveCount(0)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('ArrowRight')
  await expect(card(page, 'people')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('c')
  await page.keyboard.type('baseline')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-wire="people.table→baseline.table"]')).toHaveCount(1)
})

test('by keys: a node goes into a wire, another takes its place, and it goes without breaking the chain', async ({
  page,
}) => {
  const wires = (id: string) => page.locator(`[data-wire="${id}"]`)
  await card(page, 'validate').locator('header').click()
  for (let tries = 0; tries < 3; tries++) await page.keyboard.press('w')
  await expect(page.locator('.inspector h2')).toContainText('Validate schema → Profile')
  await page.keyboard.press('/')
  await expect(list(page)).toContainText('goes into the wire')
  await expect(titles(page).filter({ hasText: 'Baseline' })).toHaveCount(0)
  await page.keyboard.type('split')
  await page.keyboard.press('Enter')
  await expect(wires('validate.table→split.table')).toHaveCount(1)
  await expect(wires('split.table→profile.table')).toHaveCount(1)
  await expect(card(page, 'split')).toHaveAttribute('data-selected', 'true')
  await page.keyboard.press('Alt+r')
  await expect(list(page)).toContainText('in place of Split')
  await page.keyboard.type('select features')
  await page.keyboard.press('Enter')
  await expect(card(page, 'split')).toContainText('Select features')
  await expect(wires('validate.table→split.table')).toHaveCount(1)
  await card(page, 'split').locator('header').click()
  await page.keyboard.press('Control+Backspace')
  await expect(wires('validate.table→profile.table')).toHaveCount(1)
})

test('a column dropped upstream turns its users red before any run; renamed, no longer used or added back', async ({
  page,
}) => {
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'ready')
  await card(page, 'validate').locator('header').click()
  await page.getByLabel('Columns the schema does not know', { exact: true }).selectOption('drop')
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'not-configured')
  await page.keyboard.press('F8')
  await expect(card(page, 'profile')).toHaveAttribute('data-selected', 'true')
  const problem = page.locator('.problem')
  await expect(problem).toContainText('debt')
  const without = problem.getByRole('button', { name: 'Leave “debt” out' })
  await expect(without).toBeVisible()
  await problem.getByRole('button', { name: 'Add “debt” back in Validate schema' }).press('Enter')
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'ready')
  await card(page, 'profile').locator('header').click()
  await page.keyboard.press('Control+z')
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'not-configured')
  await page.getByRole('tab', { name: 'Problem' }).click()
  await without.click()
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'ready')
})

test('a refused wire says both types and why, and the node it offers makes it legal', async ({ page }) => {
  await page.mouse.move(...(await centre(page, 'people.table', 'output')))
  await page.mouse.down()
  await page.mouse.move(...(await centre(page, 'learn.preparation', 'input')), { steps: 8 })
  await page.mouse.up()
  const notice = page.locator('.notice', { hasText: 'table' })
  await expect(notice).toContainText('model')
  await notice
    .getByRole('button', { name: /^Insert / })
    .first()
    .click()
  await expect(page.locator('[data-node]')).toHaveCount(7)
  await expect(page.locator('[data-wire$="→learn.preparation"]')).toHaveCount(1)
})
