import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { type RunningApp, startApp } from './open-app.ts'

let folder = ''
let app: RunningApp

const node = (type: string, params = {}) => ({ type, version: 1, params })
const pipeline = (penalty: number) => ({
  format: 1,
  name: 'Deployment',
  nodes: {
    loans: node('data/example', { rows: 400 }),
    split: node('data/split'),
    linear: node('train/linear', { folds: 0, penalty }),
    register: node('release/register', { name: 'loans', description: 'Suggests approvals.' }),
    deploy: node('release/deploy'),
  },
  edges: [
    { from: 'loans.table', to: 'split.table' },
    { from: 'split.table', to: 'linear.table' },
    { from: 'linear.model', to: 'register.model' },
    { from: 'register.model', to: 'deploy.model' },
  ],
})

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-models-'))
  writeFileSync(path.join(folder, 'plumbline.json'), '{"format":1,"name":"Models"}')
  for (const penalty of [1, 2])
    writeFileSync(path.join(folder, `v${penalty}.plumb.json`), JSON.stringify(pipeline(penalty)))
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function deploy(page: Page, file: string): Promise<void> {
  app = await startApp([path.join(folder, file)])
  await page.goto(app.address)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('[data-node="deploy"]')).toHaveAttribute('data-state', 'done', { timeout: 40_000 })
}

test('the registry: two versions deployed, rolled back and promoted by keys, clean for axe in light and dark', async ({
  page,
}) => {
  test.setTimeout(120_000)
  await deploy(page, 'v1.plumb.json')
  await app.stop()
  await deploy(page, 'v2.plumb.json')
  await page.getByRole('button', { name: 'Models', exact: true }).click()
  const production = page.getByRole('region', { name: 'Production' })
  const retired = page.getByRole('region', { name: 'Retired' })
  await expect(production.getByRole('article', { name: 'loans version 2' })).toBeVisible()
  await expect(retired.getByRole('article', { name: 'loans version 1' })).toBeVisible()

  await page.getByRole('button', { name: 'Roll back to v1' }).focus()
  await page.keyboard.press('Enter')
  await expect(production.getByRole('article', { name: 'loans version 1' })).toBeVisible()
  await expect(retired.getByText('rolled back on')).toBeVisible()
  await page.getByRole('button', { name: 'To production: version 2' }).focus()
  await page.keyboard.press('Enter')
  await expect(production.getByRole('article', { name: 'loans version 2' })).toBeVisible()
  await expect(page.getByRole('region', { name: 'Audit trail' })).toContainText('Version 2 moved to production')

  await page.getByRole('button', { name: 'Model card of version 2' }).click()
  const modelCard = page.getByRole('region', { name: 'Model card' })
  await expect(modelCard).toContainText('Suggests approvals.')
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    modelCard.getByRole('button', { name: 'Save the model card' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('model-card-loans.html')
  await expect(modelCard.getByRole('status')).toHaveText('Saved as model-card-loans.html.')
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    await page.waitForTimeout(400)
    expect(await axeFindings(page)).toEqual([])
  }
})
