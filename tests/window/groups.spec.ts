import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
const name = 'loan-approval.plumb.json'
let folder = ''
let app: RunningApp

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-groups-'))
  for (const file of readdirSync(examples).filter((one) => !one.startsWith('.')))
    cpSync(path.join(examples, file), path.join(folder, file), { recursive: true })
  app = await startApp([path.join(folder, name)])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const card = (page: Page, id: string) => page.locator(`[data-node="${id}"]`)
const title = (page: Page, id: string) => card(page, id).locator('.node-title')
const crumbs = (page: Page) => page.getByRole('navigation', { name: 'Where you are' })
const onDisk = () => readFileSync(path.join(folder, name), 'utf8')
const saved = (page: Page) => expect(page.locator('.crumbs')).toContainText('saved')

async function selectTwo(page: Page, first: string, second: string) {
  await card(page, first).locator('header').click()
  await card(page, second)
    .locator('header')
    .click({ modifiers: ['Control'] })
}

test('by keys: grouped, opened, left, ungrouped; the file is as it was', async ({ page }) => {
  const watched = watchPage(page)
  const before = onDisk()
  await selectTwo(page, 'model', 'prepare')
  await page.keyboard.press('Control+g')
  await expect(page.locator('[data-node]')).toHaveCount(13)
  const group = page.locator('[data-group]')
  await expect(group).toHaveCount(1)
  await expect(group).toBeFocused()
  await expect(page.locator('.notices')).toContainText('2 nodes are now the group')
  await page.keyboard.press('Enter')
  await expect(card(page, 'model')).toBeVisible()
  await expect(page.locator('[data-port-node]')).not.toHaveCount(0)
  await expect(crumbs(page)).toContainText('Loan approval')
  await card(page, 'model').locator('header').click()
  await page.keyboard.press('Control+a')
  await page.keyboard.press('Control+g')
  await expect(page.locator('[data-group]')).toHaveCount(1)
  await page.keyboard.press('Enter')
  await expect(crumbs(page).getByRole('listitem')).toHaveCount(3)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+g')
  await expect(card(page, 'model')).toBeVisible()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await expect(page.locator('[data-node]')).toHaveCount(13)
  await expect(group).toBeFocused()
  await page.keyboard.press('Control+Shift+g')
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await saved(page)
  await expect.poll(onDisk).toBe(before)
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(13)
  for (let undone = 0; undone < 3; undone++) await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(14)
  watched.expectNone()
})

test('by mouse: opened with a double click, a setting shown outside, left by the path', async ({ page }) => {
  await selectTwo(page, 'model', 'prepare')
  await card(page, 'model').click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Group the selected nodes' }).click()
  const group = page.locator('[data-group]')
  await group.locator('.node-body').dblclick()
  await expect(crumbs(page)).toBeVisible()
  await card(page, 'model').locator('header').click()
  await page.getByRole('button', { name: 'Show on the group: Penalty' }).first().click()
  await crumbs(page).getByRole('button').first().click()
  await expect(group).toHaveCount(1)
  await expect(page.locator('.inspector').getByLabel('Penalty', { exact: true })).toBeVisible()
  await page.locator('.inspector').getByRole('button', { name: 'Ungroup' }).click()
  await expect(page.locator('[data-node]')).toHaveCount(14)
})

test('nodes that a group would feed itself through are named', async ({ page }) => {
  await selectTwo(page, 'split', 'evaluate')
  await page.keyboard.press('Control+g')
  await expect(page.locator('.notices')).toContainText('the group would feed itself')
  await expect(page.locator('[data-node]')).toHaveCount(14)
})

test('a run shows the group as one step, inside it every step; ungrouped, all comes from the cache', async ({
  page,
}) => {
  await selectTwo(page, 'split', 'validate')
  await page.keyboard.press('Control+g')
  const group = page.locator('[data-group]')
  await page.keyboard.press('Control+Shift+Enter')
  await expect(group).toHaveAttribute('data-state', 'done')
  await page.keyboard.press('Enter')
  await expect(card(page, 'split')).toHaveAttribute('data-state', 'done')
  await card(page, 'validate').locator('header').click()
  await page.keyboard.press('Control+Shift+Enter')
  await expect(page.locator('.run-words')).toContainText('from cache')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+g')
  await expect(card(page, 'split')).toHaveAttribute('data-state', /done|cached/)
  await expect(card(page, 'validate')).toHaveAttribute('data-state', /done|cached/)
})

test('a problem inside is told on the group, and leads to its node', async ({ page }) => {
  await selectTwo(page, 'model', 'prepare')
  await page.keyboard.press('Control+g')
  await page.keyboard.press('Enter')
  await card(page, 'model').locator('header').click()
  await page.locator('.inspector').getByLabel('Penalty', { exact: true }).fill('-1')
  await crumbs(page).getByRole('button').first().click()
  const group = page.locator('[data-group]')
  await expect(group).toHaveAttribute('data-state', 'not-configured')
  await page.getByRole('tab', { name: /Problem/ }).click()
  await page.getByRole('button', { name: 'Go to the node' }).click()
  await expect(card(page, 'model')).toHaveAttribute('data-selected', 'true')
  await expect(page.locator('.inspector-title')).toHaveValue('Logistic model')
})

test('axe finds nothing on a group, nor inside it', async ({ page }) => {
  await selectTwo(page, 'model', 'prepare')
  await page.keyboard.press('Control+g')
  await expect(page.locator('[data-group]')).toBeFocused()
  const wrong = async () => await axeFindings(page)
  expect(await wrong()).toEqual([])
  await page.keyboard.press('Enter')
  await expect(crumbs(page)).toBeVisible()
  expect(await wrong()).toEqual([])
  await card(page, 'model').locator('header').click()
  expect(await wrong()).toEqual([])
})

test('copies share the group until one is made independent', async ({ page }) => {
  await selectTwo(page, 'model', 'prepare')
  await page.keyboard.press('Control+g')
  await page.keyboard.press('Control+d')
  const groups = page.locator('[data-group]')
  await expect(groups).toHaveCount(2)
  const inspector = page.locator('.inspector')
  await expect(inspector).toContainText('Used 2 times')
  await inspector.getByRole('button', { name: 'Keep as it is' }).click()
  await expect(inspector).toContainText('Version 1; the group is at version 2.')
  await inspector.getByRole('button', { name: 'Update', exact: true }).click()
  await expect(inspector).toContainText('Used 2 times')
  await inspector.getByRole('button', { name: 'Make independent' }).click()
  await expect(inspector).toContainText('Used once.')
  await expect(title(page, (await groups.last().getAttribute('data-node'))!)).toBeVisible()
})
