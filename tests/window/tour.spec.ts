import { expect, test } from '@playwright/test'
import { node, wire } from './build-pipeline.ts'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

let app: RunningApp

test.beforeEach(async () => {
  app = await startInFolder('tour')
})
test.afterEach(() => app?.stop())

test('the tour wires a first pipeline, by the user or by itself, and ends at a result', async ({ page }) => {
  const watched = watchPage(page)
  await page.goto(app.address)
  await page.getByRole('button', { name: 'Take the tour' }).click()
  const tour = page.getByRole('region', { name: 'Your first pipeline' })
  await expect(tour).toContainText('Step 1 of 6')
  await page
    .getByRole('navigation', { name: 'Nodes' })
    .getByRole('button', { name: 'Example data', exact: true })
    .click()
  await expect(tour).toContainText('Step 2 of 6')
  await tour.getByRole('button', { name: 'Do it for me' }).click()
  await expect(page.locator('[data-wire="example-data.table→split.table"]')).toHaveCount(1)
  await expect(tour).toContainText('Step 3 of 6')
  await page
    .getByRole('navigation', { name: 'Nodes' })
    .getByRole('button', { name: 'Linear model', exact: true })
    .click()
  await expect(tour).toContainText('Step 3 of 6')
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page.waitForTimeout(400)
  await wire(page, 'split.table', 'linear-model.table')
  await expect(tour).toContainText('Step 4 of 6')
  await tour.getByRole('button', { name: 'Do it for me' }).click()
  await expect(tour).toContainText('Step 5 of 6')
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(tour).toContainText('Step 6 of 6', { timeout: 40_000 })
  await node(page, 'evaluate').click()
  await page.getByRole('tab', { name: 'Result' }).click()
  await expect(tour).toContainText('That is a whole pipeline')
  await page.screenshot({ path: 'test-results/tour/tour.png' })
  await tour.getByRole('button', { name: 'Close' }).click()
  await expect(tour).toHaveCount(0)
  watched.expectNone()
})
