import { expect, test } from '@playwright/test'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

let app: RunningApp

test.beforeEach(async ({ page }) => {
  app = await startInFolder('outline', 'loan-approval.plumb.json')
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
})
test.afterEach(() => app?.stop())

test('the outline goes through the pipeline by keys, in step with the canvas', async ({ page }) => {
  const watched = watchPage(page)
  await page.keyboard.press('Alt+o')
  const tree = page.getByRole('tree', { name: 'Outline' })
  await expect(tree.getByRole('treeitem')).toHaveCount(14)
  await expect(tree.getByRole('treeitem').first()).toBeFocused()
  await page.keyboard.press('ArrowDown')
  const second = tree.getByRole('treeitem').nth(1)
  await expect(second).toHaveAttribute('aria-selected', 'true')
  await expect(page.locator('.react-flow__node.selected')).toHaveCount(1)
  await page.locator('[data-node="audit"]').click()
  await expect(tree.getByRole('treeitem', { selected: true })).toContainText('Fairness audit')
  await page.screenshot({ path: 'test-results/outline/outline.png' })
  await page.getByRole('button', { name: 'Nodes', exact: true }).click()
  await expect(page.getByRole('navigation', { name: 'Nodes' })).toBeVisible()
  watched.expectNone()
})

test('selected nodes are aligned in one edit', async ({ page }) => {
  await page.keyboard.press('Control+a')
  const left = async () => {
    const boxes = await page
      .locator('[data-node]')
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().left))
    return new Set(boxes.map(Math.round)).size
  }
  const before = await left()
  expect(before).toBeGreaterThan(1)
  await page.getByRole('button', { name: 'Align left edges' }).click()
  await expect.poll(left).toBe(1)
  await page.keyboard.press('Control+z')
  await expect.poll(left).toBe(before)
})
