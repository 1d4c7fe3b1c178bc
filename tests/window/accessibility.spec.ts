import { expect, test } from '@playwright/test'
import { axeFindings, contrastFindings } from './accessible.ts'
import { type RunningApp, startInFolder } from './open-app.ts'

let app: RunningApp

test.beforeEach(async () => {
  app = await startInFolder('access', 'loan-approval.plumb.json')
})
test.afterEach(() => app?.stop())

test('axe finds nothing in any room, light or dark', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto(app.address)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  const report = page.locator('[data-node="report"]')
  await expect(report).toHaveAttribute('data-state', /done|cached/, { timeout: 40_000 })
  for (const [colorScheme, find] of [
    ['light', axeFindings],
    ['dark', contrastFindings],
  ] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await report.click()
    for (const tab of ['Settings', 'Result', 'History', 'About']) {
      await page.getByRole('tab', { name: tab, exact: true }).click()
      expect(await find(page, '.inspector'), `${tab}, ${colorScheme}`).toEqual([])
    }
    expect(await find(page), `canvas, ${colorScheme}`).toEqual([])
    for (const room of ['Runs', 'Models', 'Reviews', 'Lineage']) {
      await page.getByRole('button', { name: room, exact: true }).click()
      await page.waitForTimeout(400)
      expect(await find(page), `${room}, ${colorScheme}`).toEqual([])
    }
    await page.getByRole('button', { name: 'Plumbline, start page' }).click()
    await page.waitForTimeout(400)
    expect(await find(page), `start, ${colorScheme}`).toEqual([])
    await page.getByRole('button', { name: 'Build', exact: true }).click()
  }
})

test('by keys alone: add a node, connect it, set it, undo and redo', async ({ page }) => {
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await page.locator('[data-node="split"]').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-node="split"]').focus()
  await page.keyboard.press('/')
  await page.keyboard.type('baseline')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-node]')).toHaveCount(15)
  await page.locator('[data-node="split"]').focus()
  await page.keyboard.press('Space')
  const wires = await page.locator('[data-wire]').count()
  await page.keyboard.press('c')
  await page.keyboard.type('baseline')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-wire]')).toHaveCount(wires + 1)
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await page.keyboard.press('Control+Shift+z')
  await expect(page.locator('[data-node]')).toHaveCount(15)
})

test('enlarged to 200 %: panels lie over the canvas, one at a time, and nothing is out of reach', async ({
  browser,
}) => {
  // a window of 1280 by 800 shows this much of a page at 200 %
  const context = await browser.newContext({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 })
  const page = await context.newPage()
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
  const palette = page.getByRole('navigation', { name: 'Nodes' })
  const inspector = page.getByRole('complementary', { name: 'Inspector' })
  await expect(palette).toHaveCount(0)
  await page.getByRole('button', { name: 'Nodes', exact: true }).click()
  await palette.getByRole('button', { name: 'Split', exact: true }).click()
  await expect(page.locator('[data-node]')).toHaveCount(15)
  await page.getByRole('button', { name: 'Inspector', exact: true }).click()
  await expect(palette).toHaveCount(0)
  await inspector.getByLabel('Method', { exact: true }).selectOption('random')
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('Escape')
  for (const room of ['Runs', 'Models', 'Reviews', 'Lineage', 'Plumbline, start page']) {
    await page.getByRole('button', { name: room, exact: true }).click()
    await page.waitForTimeout(300)
    const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(over, room).toBeLessThanOrEqual(0)
    expect(await axeFindings(page), room).toEqual([])
  }
  await context.close()
})

test('what fails in one part of the window leaves the rest usable', async ({ page }) => {
  // the table viewer is loaded when it is first shown
  await page.route(/TableViewer/, (route) => route.abort())
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await page.keyboard.press('Control+Enter')
  await page.locator('[data-node="validate"]').click()
  const broken = page.getByRole('alert').filter({ hasText: 'This part of the window stopped' })
  await expect(broken).toBeVisible({ timeout: 40_000 })
  expect(await axeFindings(page)).toEqual([])
  await page.getByRole('tab', { name: 'Columns' }).click()
  await expect(broken).toHaveCount(0)
  await page.getByRole('tab', { name: 'Data', exact: true }).click()
  await expect(broken).toBeVisible()
  await page.unroute(/TableViewer/)
  await broken.getByRole('button', { name: 'Load the window again' }).click()
  await page.locator('[data-node="validate"]').click()
  await expect(page.getByRole('grid').first()).toBeVisible()
})
