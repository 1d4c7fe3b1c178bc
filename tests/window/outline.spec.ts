import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
let folder = ''
let app: RunningApp

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-outline-'))
  for (const name of readdirSync(examples).filter((file) => !file.startsWith('.')))
    cpSync(path.join(examples, name), path.join(folder, name), { recursive: true })
  app = await startApp([path.join(folder, 'loan-approval.plumb.json')])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

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
