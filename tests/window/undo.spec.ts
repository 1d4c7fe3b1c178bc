import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { parseDocument } from '#graph/parse'
import { printDocument } from '#graph/print'
import { plainLoans } from './nested-groups.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp
const at = (name: string) => path.join(folder, name)
const text = (name = 'loans.plumb.json') => readFileSync(at(name), 'utf8')

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-undo-'))
  writeFileSync(at('plumbline.json'), JSON.stringify({ format: 1, name: 'Undo' }))
  writeFileSync(at('loans.plumb.json'), begin)
  await open(page, 'loans.plumb.json')
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function open(page: Page, name: string) {
  app = await startApp([at(name)])
  await page.goto(app.address)
  await expect(page.locator('[data-node]').first()).toBeVisible()
}
const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const cards = (page: Page) => page.locator('[data-node]')
const select = (page: Page, id: string) => card(page, id).locator('header').click()
const saved = (page: Page) => expect(page.locator('.crumbs')).toContainText('saved')
/** The pipeline as the app writes it. */
const begin = printDocument(parseDocument(JSON.stringify(plainLoans)).document!)

/** A setting, a group, a copy, a place, a layout, a wire; each one edit. */
async function editAll(page: Page) {
  await select(page, 'model')
  await page.getByRole('complementary').locator('#model-penalty').fill('7')
  await select(page, 'split')
  await card(page, 'model')
    .locator('header')
    .click({ modifiers: ['Control'] })
  await page.keyboard.press('Control+g')
  await expect(cards(page)).toHaveCount(3)
  await page.keyboard.press('Control+c')
  await page.keyboard.press('Control+v')
  await expect(cards(page)).toHaveCount(4)
  await page.keyboard.press('Alt+ArrowDown')
  await page.getByRole('button', { name: 'Tidy' }).click()
  await page.waitForTimeout(400)
  await select(page, 'judge')
  await page.keyboard.press('Delete')
  await expect(cards(page)).toHaveCount(3)
  await page.keyboard.press('n')
}

test('everything is undone and done again by keys; a run between adds nothing', async ({ page }) => {
  const watched = watchPage(page)
  await select(page, 'judge')
  await page.keyboard.press('Control+Enter')
  await expect(card(page, 'judge')).toHaveAttribute('data-state', 'done')
  await page.keyboard.press('Control+z')
  await expect(cards(page)).toHaveCount(4)
  await editAll(page)
  await saved(page)
  const end = text()
  for (let edits = 0; edits < 12; edits++) await page.keyboard.press('Control+z')
  await expect(cards(page)).toHaveCount(4)
  await saved(page)
  await expect.poll(text).toBe(begin)
  await expect(card(page, 'judge')).toHaveAttribute('data-state', /done|cached/)
  for (let edits = 0; edits < 12; edits++) await page.keyboard.press('Control+Shift+z')
  await saved(page)
  await expect.poll(text).toBe(end)
  watched.expectNone()
})

test('a file that is renamed and moved outside keeps its undo and its named states; a copy begins anew', async ({
  page,
}) => {
  const name = page.getByRole('textbox', { name: 'Name of the pipeline' })
  await name.fill('Edited')
  await name.press('Enter')
  await page.keyboard.press('Alt+s')
  await page.getByRole('dialog').getByRole('textbox').fill('Before the move')
  await page.keyboard.press('Enter')
  await saved(page)
  await expect.poll(() => JSON.parse(text()).name).toBe('Edited')
  await app.stop()
  mkdirSync(at('deep'))
  writeFileSync(at('copy.plumb.json'), text())
  renameSync(at('loans.plumb.json'), at('deep/moved.plumb.json'))
  await open(page, 'deep/moved.plumb.json')
  await expect(name).toHaveValue('Edited')
  await card(page, 'split').locator('header').click()
  await page.keyboard.press('Alt+h')
  await expect(page.getByRole('dialog')).toContainText('Before the move')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await expect(name).toHaveValue('Sweeping')
  await app.stop()
  await open(page, 'copy.plumb.json')
  await card(page, 'split').locator('header').click()
  await page.keyboard.press('Control+z')
  await expect(name).toHaveValue('Edited')
})

test('a changed parameter is a line of the file, a moved node changes nothing of its logic, and the command line says what changed', async ({
  page,
}) => {
  await select(page, 'model')
  await page.keyboard.press('Alt+ArrowDown')
  await saved(page)
  await expect.poll(() => text()).toContain('"model": [480, 22]')
  writeFileSync(at('before.plumb.json'), text())
  await page.getByRole('complementary').locator('#model-penalty').fill('7')
  await expect.poll(() => text()).toContain('"penalty": 7')
  const old = text('before.plumb.json').split('\n')
  expect(
    text()
      .split('\n')
      .filter((line) => !old.includes(line)).length,
  ).toBeLessThanOrEqual(2)
  const root = path.resolve(import.meta.dirname, '../..')
  const { stdout: told } = spawnSync(
    process.execPath,
    [path.join(root, 'bin/plumbline.mjs'), 'diff', at('before.plumb.json'), at('loans.plumb.json')],
    { encoding: 'utf8', cwd: folder },
  )
  expect(told).toMatch(/penalty.*7/)
  expect(told).not.toMatch(/\b480\b/)
})
