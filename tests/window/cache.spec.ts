import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const node = (type: string, params: object = {}) => ({ type, version: 1, params })
const pipeline = {
  format: 1,
  name: 'Cache',
  nodes: {
    read: node('data/read-file', { path: 'people.csv' }),
    split: node('data/split', { method: 'random' }),
    learn: node('train/linear', { target: 'approved' }),
    profile: node('data/profile'),
    forest: node('train/forest', { target: 'approved', trees: 2000 }),
    loans: node('data/example', { rows: 100 }),
    look: node('data/profile'),
  },
  edges: [
    { from: 'read.table', to: 'split.table' },
    { from: 'split.table', to: 'learn.table' },
    { from: 'split.table', to: 'forest.table' },
    { from: 'read.table', to: 'profile.table' },
    { from: 'loans.table', to: 'look.table' },
  ],
  layout: {
    read: [0, 0],
    split: [250, 0],
    learn: [500, 0],
    profile: [250, 220],
    forest: [500, 220],
    loans: [0, 440],
    look: [250, 440],
  },
}

let home = ''
let app: RunningApp
let place = 'project'
const folder = () => path.join(home, place)
const file = () => path.join(folder(), 'cache.plumb.json')
const data = () => path.join(folder(), 'people.csv')

test.beforeEach(async () => {
  place = 'project'
  home = mkdtempSync(path.join(os.tmpdir(), 'plumbline-cache-'))
  mkdirSync(folder())
  const rows = Array.from({ length: 400 }, (_, row) => `${row % 37},${(row * 7) % 101},${row % 3 ? 'yes' : 'no'}`)
  writeFileSync(data(), `income,debt,approved\n${rows.join('\n')}\n`)
  writeFileSync(path.join(folder(), 'plumbline.json'), JSON.stringify({ format: 1, name: 'Cache' }))
  writeFileSync(file(), JSON.stringify(pipeline))
  app = await startApp([file()])
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(home, { recursive: true, force: true })
})

const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const why = (page: Page, id: string) => card(page, id).locator('.node-state')
const select = (page: Page, id: string) => card(page, id).locator('header').click()
const runToHere = (page: Page) => page.keyboard.press('Control+Shift+Enter')

test('a stale node says why; undone, its result is back without a run; what is harmless costs none', async ({
  page,
}) => {
  const watched = watchPage(page)
  await page.goto(app.address)
  await select(page, 'learn')
  for (const id of ['profile', 'look'])
    await card(page, id)
      .locator('header')
      .click({ modifiers: ['Control'] })
  await runToHere(page)
  await expect(card(page, 'learn')).toHaveAttribute('data-state', 'done')
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'done')
  await expect(card(page, 'look')).toHaveAttribute('data-state', 'done')
  await expect(card(page, 'forest')).toHaveAttribute('data-state', 'ready')
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await expect(page.locator('.timeline-chain')).toContainText(
    /(Read file → (Split → Linear model|Profile))|Example data → Profile/,
  )

  const forecast = page.getByTitle(/^Longest chain: Example data → Profile\. Up to .+ a step\./)
  await expect(forecast).toHaveCount(0)
  await select(page, 'loans')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.locator('#loans-rows').fill('100000')
  await expect(forecast).toHaveText(/^about .+ · .+B$/)
  await select(page, 'look')
  await page.keyboard.press('Control+z')
  await expect(card(page, 'loans')).toHaveAttribute('data-state', /done|cached/)
  await expect(forecast).toHaveCount(0)

  await select(page, 'learn')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.locator('#learn-penalty').fill('7')
  await expect(card(page, 'learn')).toHaveAttribute('data-state', 'stale')
  await expect(why(page, 'learn')).toHaveAttribute('title', /penalty.*→ 7/)
  await select(page, 'split')
  await page.keyboard.press('Control+z')
  await expect(card(page, 'learn')).toHaveAttribute('data-state', /done|cached/)

  await page.keyboard.press('Alt+ArrowDown')
  await page.keyboard.press('F2')
  await page.keyboard.type('Apart')
  await page.keyboard.press('Enter')
  await expect(card(page, 'split')).toContainText('Apart')
  await expect(page.locator('.crumbs')).toContainText('saved')
  watched.expectNone()
  await app.stop()
  renameSync(folder(), path.join(home, 'moved'))
  place = 'moved'
  app = await startApp([file()])
  await page.goto(app.address)
  for (const id of ['read', 'split', 'learn', 'profile'])
    await expect(card(page, id)).toHaveAttribute('data-state', /done|cached/)

  const text = readFileSync(data(), 'utf8')
  writeFileSync(data(), text.replace('36,', '35,'))
  await select(page, 'learn')
  await page.getByRole('tab', { name: 'Settings' }).click()
  await page.locator('#learn-penalty').fill('8')
  await expect(card(page, 'read')).toHaveAttribute('data-state', 'stale')
  await expect(why(page, 'read')).toHaveAttribute('title', /people\.csv/)
  await expect(why(page, 'split')).toHaveAttribute('title', /Read file/)
})

test('by keys: run to here inside a group; one node is cancelled and the others end', async ({ page }) => {
  await page.goto(app.address)
  await select(page, 'split')
  await card(page, 'learn')
    .locator('header')
    .click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+g')
  await page.keyboard.press('Enter')
  await expect(card(page, 'split')).toBeVisible()
  await select(page, 'split')
  await runToHere(page)
  await expect(card(page, 'split')).toHaveAttribute('data-state', 'done')
  await expect(card(page, 'learn')).toHaveAttribute('data-state', 'ready')
  await page.keyboard.press('Control+ArrowUp')
  await page.keyboard.press('Control+Enter')
  await expect(card(page, 'forest')).toHaveAttribute('data-state', 'running')
  await card(page, 'forest').locator('header').click({ button: 'right' })
  await page.getByRole('menuitem', { name: /Cancel/ }).press('Enter')
  await expect(card(page, 'forest')).toHaveAttribute('data-state', 'cancelled')
  await expect(page.locator('[data-group]')).toHaveAttribute('data-state', 'done')
  await expect(card(page, 'profile')).toHaveAttribute('data-state', 'done')
})
