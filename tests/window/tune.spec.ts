import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const document = {
  format: 1,
  name: 'Tuning',
  nodes: {
    loans: { type: 'data/example', version: 1, params: { set: 'loans', rows: 2_000 } },
    split: { type: 'data/split', version: 1, params: {} },
    tune: {
      type: 'train/tune',
      version: 1,
      params: { learner: 'boosting', judgeBy: 'folds', trials: 2_000, second: 'size', strategy: 'random' },
    },
  },
  edges: [
    { from: 'loans.table', to: 'split.table' },
    { from: 'split.table', to: 'tune.table' },
  ],
  layout: { loans: [0, 0], split: [240, 0], tune: [480, 0] },
}

const learners = {
  ...document,
  name: 'Learning',
  nodes: {
    loans: { type: 'data/example', version: 1, params: { set: 'loans', rows: 5_000 } },
    split: document.nodes.split,
    boosting: { type: 'train/boosting', version: 1, params: { rounds: 10_000, patience: 0, folds: 0 } },
    network: { type: 'train/neural-network', version: 2, params: { epochs: 10_000, patience: 0 } },
  },
  edges: [
    { from: 'loans.table', to: 'split.table' },
    { from: 'split.table', to: 'boosting.table' },
    { from: 'split.table', to: 'network.table' },
  ],
  layout: { loans: [0, 0], split: [240, 0], boosting: [480, -80], network: [480, 80] },
}

let folder = ''
let app: RunningApp
test.beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-tune-'))
})
async function open(pipeline: { readonly name: string }): Promise<void> {
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ format: 1, name: pipeline.name }))
  const file = path.join(folder, 'tuning.plumb.json')
  writeFileSync(file, JSON.stringify(pipeline))
  app = await startApp([file])
}
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

test('a search shows its trials while it runs, ends early on demand, and its lines can be narrowed down', async ({
  page,
}) => {
  test.setTimeout(180_000)
  await open(document)
  const watched = watchPage(page)
  await page.goto(app.address)
  const card = page.locator('[data-node="tune"]')
  await card.click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('tab', { name: 'Result' }).click()
  const inspector = page.getByRole('complementary')
  await expect(inspector.getByRole('img', { name: /^Every trial\. \d\d+ lines/ })).toBeVisible({ timeout: 60_000 })
  await expect(inspector.getByRole('img', { name: /^ROC AUC over size/ })).toBeVisible()
  await page.screenshot({ path: 'test-results/tune-live.png' })
  await page
    .getByRole('button', { name: /[Ff]inish/ })
    .first()
    .click()
  await expect(card).toHaveAttribute('data-state', /done|cached/, { timeout: 60_000 })
  await expect(card.getByText(/best of \d+ trials/)).toBeVisible()
  await inspector.getByRole('button', { name: 'Enlarge Every trial' }).click()
  const dialog = page.getByRole('dialog', { name: 'Every trial' })
  const area = dialog.locator('.report-brush-area').last()
  const box = (await area.boundingBox())!
  await page.mouse.move(box.x + box.width / 2, box.y + 2)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 3, { steps: 4 })
  await page.mouse.up()
  const words = dialog.getByText(/^\d+ of \d+ pass/)
  await expect(words).toBeVisible()
  const [kept, all] = (await words.textContent())!.match(/\d+/g)!.map(Number)
  expect(kept).toBeGreaterThan(0)
  expect(kept).toBeLessThan(all!)
  await page.screenshot({ path: 'test-results/tune-brushed.png' })
  await area.click()
  await expect(dialog.getByText('Drag along an axis')).toBeVisible()
  await dialog.getByRole('button', { name: 'Close' }).click()
  watched.expectNone()
})

test('boosting and a network draw their curves while they learn, and each ends early with what it has', async ({
  page,
}) => {
  test.setTimeout(240_000)
  await open(learners)
  const watched = watchPage(page)
  await page.goto(app.address)
  const inspector = page.getByRole('complementary')
  await page.locator('[data-node="boosting"]').click()
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await page.getByRole('tab', { name: 'Result' }).click()
  for (const [id, curve] of [
    ['boosting', /^Mean loss on the validation rows/],
    ['network', /^Loss by epoch/],
  ] as const) {
    const card = page.locator(`[data-node="${id}"]`)
    await card.click()
    await expect(inspector.getByRole('img', { name: curve }).first()).toBeVisible({ timeout: 60_000 })
    await inspector.getByRole('button', { name: /[Ff]inish/ }).click()
    await expect(card).toHaveAttribute('data-state', /done|cached/, { timeout: 60_000 })
  }
  watched.expectNone()
})
