import { expect, type Page, test } from '@playwright/test'
import { type RunningApp, startInFolder, watchPage } from './open-app.ts'

let app: RunningApp

test.beforeEach(async ({ page }) => {
  app = await startInFolder('canvas', 'loan-approval.plumb.json')
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(14)
})
test.afterEach(() => app?.stop())

const wire = (page: Page, from: string, to: string) => page.locator(`[data-wire="${from}→${to}"]`)

/** A point on a wire that no card hides. */
async function pointOn(page: Page, from: string, to: string): Promise<{ x: number; y: number }> {
  return wire(page, from, to)
    .locator('path.wire-line')
    .evaluate((element) => {
      const line = element as SVGPathElement
      const matrix = line.getScreenCTM()!
      for (const share of [0.5, 0.4, 0.6, 0.3, 0.7]) {
        const { x, y } = line.getPointAtLength(share * line.getTotalLength()).matrixTransform(matrix)
        if (document.elementFromPoint(x, y)?.closest('[data-wire]')) return { x, y }
      }
      throw new Error('the wire is hidden')
    })
}

async function drop(page: Page, title: string, at: { x: number; y: number }) {
  const transfer = await page.evaluateHandle(() => new DataTransfer())
  await page.locator('.palette-item', { hasText: title }).first().dispatchEvent('dragstart', { dataTransfer: transfer })
  await page
    .locator('.canvas')
    .dispatchEvent('drop', { dataTransfer: transfer, clientX: at.x, clientY: at.y, bubbles: true, cancelable: true })
}

test('a node dropped on a wire goes into it; undone, the wire is whole again', async ({ page }) => {
  const watched = watchPage(page)
  await drop(page, 'Validate schema', await pointOn(page, 'validate.table', 'split.table'))
  await expect(page.locator('[data-node]')).toHaveCount(15)
  await expect(wire(page, 'validate.table', 'split.table')).toHaveCount(0)
  await expect(wire(page, 'validate.table', 'validate-schema.table')).toHaveCount(1)
  await expect(wire(page, 'validate-schema.table', 'split.table')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await expect(wire(page, 'validate.table', 'split.table')).toHaveCount(1)
  watched.expectNone()
})

test('a node dropped on a card takes its place and its wires', async ({ page }) => {
  const box = (await page.locator('[data-node="model"]').boundingBox())!
  await drop(page, 'Baseline', { x: box.x + box.width / 2, y: box.y + box.height / 2 })
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await expect(wire(page, 'split.table', 'model.table')).toHaveCount(1)
  await expect(wire(page, 'model.model', 'evaluate.model')).toHaveCount(1)
  await expect(wire(page, 'prepare.preparation', 'model.preparation')).toHaveCount(0)
})

test('advice names a mistake, shows the node and cures it with one click', async ({ page }) => {
  await page.getByRole('tab', { name: /^Advice/ }).click()
  const advice = page.locator('.advice li')
  await expect(advice).toHaveCount(1)
  await expect(advice).toContainText('postcode')
  await advice.getByRole('button', { name: 'Leave postcode out of learning' }).click()
  await expect(advice).toHaveCount(0)
  await expect(page.getByText('Nothing to say against this pipeline')).toBeVisible()
})
