import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { nestedLoans } from './nested-groups.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp
const file = () => path.join(folder, 'grouped.plumb.json')

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-inside-'))
  writeFileSync(file(), JSON.stringify(nestedLoans))
  app = await startApp([file()])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(4)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Where you are' })
const tree = (page: Page) => page.getByRole('tree', { name: 'Outline' })

/** By the command palette, which knows the nodes inside groups. */
async function goTo(page: Page, words: string) {
  await page.keyboard.press('Control+k')
  await page.keyboard.type(words)
  await page.keyboard.press('Enter')
}

test('a node two groups deep is found by typing; its setting is shown through both groups at once, and taken back', async ({
  page,
}) => {
  const watched = watchPage(page)
  const inspector = page.locator('.inspector')
  await goTo(page, 'linear model')
  await expect(card(page, 'linear')).toHaveAttribute('data-selected', 'true')
  await expect(crumbs(page).getByRole('listitem')).toHaveText(['Sweeping', 'Outer', 'Inner'])
  await inspector.getByRole('button', { name: 'Show on Outer, through all groups between: Penalty' }).click()
  await expect(page.locator('.notices')).toContainText('Show Penalty on Outer')
  await crumbs(page).getByRole('button').first().click()
  await inspector.getByLabel('Penalty', { exact: true }).fill('7')
  await expect.poll(() => readFileSync(file(), 'utf8')).toContain('"penalty": 7')

  await goTo(page, 'linear model')
  const levels = inspector.getByRole('button', { name: /How far out Penalty is shown/ })
  await levels.press('Enter')
  await expect(page.getByRole('menuitem', { name: 'On Outer' })).toBeFocused()
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(levels).toHaveText(/1 up/)
  await expect(inspector.getByRole('button', { name: 'Show on Outer' }).first()).toBeVisible()
  await levels.press('Enter')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await expect(inspector.locator('#linear-penalty')).toHaveValue('7')
  await expect.poll(() => readFileSync(file(), 'utf8')).not.toContain('"penalty": "')
  await card(page, 'linear').locator('header').click()
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+ArrowUp')
  await page.keyboard.press('Control+ArrowUp')
  await expect(card(page, 'model')).toHaveAttribute('data-selected', 'true')
  await expect(inspector.getByLabel('Penalty', { exact: true })).toHaveValue('7')
  watched.expectNone()
})

test('the outline unfolds groups by keys and follows the canvas into them', async ({ page }) => {
  const watched = watchPage(page)
  await page.keyboard.press('Alt+o')
  const rows = tree(page).getByRole('treeitem')
  await expect(rows).toHaveCount(4)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowRight')
  const outer = tree(page).getByRole('treeitem', { name: /^Outer, .*group of 1 node/ })
  await expect(outer).toBeFocused()
  await expect(outer).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('ArrowRight')
  await expect(outer).toHaveAttribute('aria-expanded', 'true')
  await expect(rows).toHaveCount(7)
  const inner = tree(page).getByRole('treeitem', { name: /^Inner/ })
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await expect(inner).toBeFocused()
  await expect(crumbs(page).getByRole('listitem')).toHaveText(['Sweeping', 'Outer'])
  await expect(card(page, 'inside')).toHaveAttribute('data-selected', 'true')
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await expect(card(page, 'inside')).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(crumbs(page).getByRole('listitem')).toHaveText(['Sweeping', 'Outer', 'Inner'])
  await expect(rows).toHaveCount(10)
  await card(page, 'linear').locator('header').click()
  await expect(tree(page).getByRole('treeitem', { selected: true })).toHaveAccessibleName(/^Linear model/)
  await page.keyboard.press('Control+Enter')
  await expect(outer).toHaveAttribute('data-state', 'done')
  await page.screenshot({ path: test.info().outputPath('outline.png') })
  await outer.click()
  await expect(card(page, 'model')).toHaveAttribute('data-selected', 'true')
  await outer.locator('.outline-fold').click()
  await expect(rows).toHaveCount(4)
  watched.expectNone()
})

test('a cure that reaches over the edges of groups is one click, says what it changes, and is one edit', async ({
  page,
}) => {
  const watched = watchPage(page)
  await page.getByRole('tab', { name: /^Advice/ }).click()
  const advice = page.locator('.advice li', { hasText: 'nothing to compare' })
  await expect(advice).toHaveCount(1)
  await advice.getByRole('button', { name: 'Add Baseline beside' }).press('Enter')
  await expect(page.locator('[data-node]')).toHaveCount(5)
  await expect(advice).toHaveCount(0)
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 200 } })
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(4)

  for (const together of [['split', 'model'], ['judge']]) {
    await card(page, together[0]!).locator('header').click()
    for (const other of together.slice(1))
      await card(page, other)
        .locator('header')
        .click({ modifiers: ['Control'] })
    await page.keyboard.press('Control+g')
  }
  await expect(page.locator('[data-group]')).toHaveCount(2)
  await expect(advice).toContainText('Changes the inside of the group')
  await advice.getByRole('button', { name: 'Add Baseline beside' }).click()
  await expect(page.locator('.notices')).toContainText('Changes the inside of the group')
  await expect(advice).toHaveCount(0)
  await page.keyboard.press('Control+Enter')
  for (const group of await page.locator('[data-group]').all())
    await expect(group).toHaveAttribute('data-state', 'done')
  await page.locator('.react-flow__pane').click({ position: { x: 8, y: 200 } })
  await page.keyboard.press('Control+z')
  await expect(advice).toHaveCount(1)
  watched.expectNone()
})
