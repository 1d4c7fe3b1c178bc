import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { add, field, node, wire } from './build-pipeline.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const loans = path.resolve(import.meta.dirname, '../../examples/loans.csv')
let folder = ''
let app: RunningApp

test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-stages-'))
  cpSync(loans, path.join(folder, 'loans.csv'))
  app = await startApp([folder])
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** Node by title, each with the wires that enter it as "its port < source.port". */
const stages: readonly (readonly [title: string, ...wires: readonly string[]])[] = [
  ['Read file'],
  ['Infer schema', 'table < Read file.table'],
  ['Validate schema', 'table < Read file.table', 'schema < Infer schema.schema'],
  ['Split', 'table < Validate schema.table'],
  ['Select features', 'table < Split.table'],
  ['Baseline', 'table < Select features.table'],
  ['Linear model', 'table < Select features.table'],
  ['Architecture search', 'table < Select features.table'],
  ['Quantize', 'model < Architecture search.model', 'table < Split.table'],
  [
    'Evaluate',
    'model < Linear model.model',
    'table < Split.table',
    'baseline < Baseline.model',
    'baseline < Quantize.model',
  ],
  ['Slices', 'model < Linear model.model', 'table < Split.table'],
  ['Fairness audit', 'model < Linear model.model', 'table < Split.table'],
  ['SHAP', 'model < Linear model.model', 'table < Split.table'],
  ['Gate', 'evaluation < Fairness audit.evaluation', 'evaluation < Evaluate.evaluation', 'model < Linear model.model'],
  ['Register model', 'model < Linear model.model', 'release < Gate.release', 'evaluation < Fairness audit.evaluation'],
  ['Deploy model', 'model < Register model.model'],
]

test('the nine stages are built from an empty canvas and end with a deployed model', async ({ page }) => {
  test.setTimeout(240_000)
  const watched = watchPage(page)
  await page.setViewportSize({ width: 1760, height: 1000 })
  await page.goto(app.address)
  await page.getByRole('main').getByRole('button', { name: 'New pipeline' }).click()

  const ids = new Map<string, string>()
  for (const [title] of stages) ids.set(title, await add(page, title))
  const idOf = (title: string) => ids.get(title)!
  await page.getByRole('button', { name: 'Tidy', exact: true }).click()
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page.waitForTimeout(500)
  for (const [title, ...wires] of stages)
    for (const drawn of wires) {
      const [to, source] = drawn.split(' < ') as [string, string]
      const [from, port] = source.split('.') as [string, string]
      await wire(page, `${idOf(from)}.${port}`, `${idOf(title)}.${to}`)
    }

  await node(page, idOf('Read file')).click()
  await field(page, 'File').fill('loans.csv')
  await node(page, idOf('Infer schema')).click()
  await expect(field(page, 'Target').locator('option', { hasText: 'approved' })).toHaveCount(1)
  await field(page, 'Target').selectOption('approved')
  await field(page, 'Favourable outcome').fill('yes')
  for (const name of ['age_group', 'sex']) await field(page, 'Protected columns').selectOption(name)
  await field(page, 'Identifier').selectOption('applicant')
  const more = page.getByRole('complementary').getByText('More', { exact: true })
  if (await more.isVisible()) await more.click()
  for (const name of ['age', 'postcode', 'employment']) await field(page, 'Left out of learning').selectOption(name)
  await node(page, idOf('Architecture search')).click()
  await field(page, 'Candidates').fill('4')
  await node(page, idOf('Register model')).click()
  await field(page, 'Name').fill('loans')

  await page.getByRole('button', { name: 'Run', exact: true }).click()
  for (const [title] of stages)
    await expect(node(page, idOf(title)), title).toHaveAttribute('data-state', /done|cached|gate/, { timeout: 60_000 })
  await expect(node(page, idOf('Gate'))).toContainText('hold')
  await expect(node(page, idOf('Deploy model'))).toContainText('in production')
  watched.expectNone()
})
