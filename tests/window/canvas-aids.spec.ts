import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

let app: RunningApp
test.beforeEach(async ({ page }) => {
  app = await startInFolder('aids', 'loan-approval.plumb.json')
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
})
test.afterEach(() => app?.stop())

const card = (page: Page, id: string) => page.locator(`.node-card[data-node="${id}"]`)
const place = (page: Page, id: string) =>
  page.locator(`.react-flow__node[data-id="${id}"]`).evaluate((element) => (element as HTMLElement).style.transform)

test('by keys: frame, note and tidying of some, each undone; the overview is there', async ({ page }) => {
  const watched = watchPage(page)
  await page.setViewportSize({ width: 1760, height: 1000 })
  await expect(page.locator('.react-flow__minimap')).toBeVisible()
  await card(page, 'model').locator('header').click()
  await card(page, 'prepare')
    .locator('header')
    .click({ modifiers: ['Control'] })
  await page.keyboard.press('g')
  const frames = page.locator('.frame-card')
  const framed = await frames.count()
  await page.keyboard.press('Control+z')
  await expect(frames).toHaveCount(framed - 1)
  await page.keyboard.press('Escape')
  await page.keyboard.press('n')
  const notes = page.locator('.note-card')
  const noted = await notes.count()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await expect(notes).toHaveCount(noted - 1)

  await card(page, 'model').locator('header').click()
  await card(page, 'split')
    .locator('header')
    .click({ modifiers: ['Control'] })
  for (let moves = 0; moves < 4; moves++) await page.keyboard.press('Alt+ArrowDown')
  const [before, other] = [await place(page, 'model'), await place(page, 'audit')]
  await page.keyboard.press('t')
  await expect.poll(() => place(page, 'model')).not.toBe(before)
  expect(await place(page, 'audit')).toBe(other)
  await page.keyboard.press('Control+z')
  await expect.poll(() => place(page, 'model')).toBe(before)
  watched.expectNone()
})

test('by mouse: tidied from the corner, undone from the palette of commands', async ({ page }) => {
  await card(page, 'model').locator('header').click()
  for (let moves = 0; moves < 6; moves++) await page.keyboard.press('Alt+ArrowDown')
  const before = await place(page, 'model')
  await card(page, 'model').locator('header').click()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Tidy' }).click()
  await expect.poll(() => place(page, 'model')).not.toBe(before)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('undo')
  await page.keyboard.press('Enter')
  await expect.poll(() => place(page, 'model')).toBe(before)
})
