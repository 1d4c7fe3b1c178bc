import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { expectAccessible } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

let folder = ''
let app: RunningApp
const file = () => path.join(folder, 'people.plumb.json')

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-wires-'))
  const lines = Array.from({ length: 300 }, (_, row) => {
    const old = row % 3 === 0
    return `p${row},${old && row % 2 === 0 ? 900 : row},${old ? '60+' : 'under 60'},${row % 5 === 0 ? 'yes' : 'no'}`
  })
  writeFileSync(path.join(folder, 'people.csv'), `person,debt,age_group,approved\n${lines.join('\n')}\n`)
  writeFileSync(file(), JSON.stringify(pipeline))
  app = await startApp([file()])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(5)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const node = (type: string, params: object = {}) => ({ type, version: 1, params })
const pipeline = {
  format: 1,
  name: 'People',
  nodes: {
    read: node('data/read-file', { path: 'people.csv' }),
    schema: node('data/infer-schema', {
      target: 'approved',
      protected: ['age_group'],
      id: 'person',
      overrides: [{ column: 'debt', max: 500 }],
    }),
    validate: node('data/validate-schema'),
    split: node('data/split'),
    learn: node('train/linear'),
  },
  edges: [
    { from: 'read.table', to: 'schema.table' },
    { from: 'read.table', to: 'validate.table' },
    { from: 'schema.schema', to: 'validate.schema' },
    { from: 'validate.table', to: 'split.table' },
    { from: 'split.table', to: 'learn.table' },
  ],
  layout: { read: [0, 120], schema: [240, 0], validate: [480, 120], split: [740, 120], learn: [1000, 120] },
}

async function runAll(page: Page) {
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('[data-node="learn"] .node-state')).toHaveAttribute('data-state', /done|cached|skipped/)
}

/** A point on a wire that no card hides. */
async function clickWire(page: Page, id: string) {
  const point = await page.locator(`[data-wire="${id}"] path.wire-line`).evaluate((element) => {
    const line = element as SVGPathElement
    const { x, y } = line.getPointAtLength(0.3 * line.getTotalLength()).matrixTransform(line.getScreenCTM()!)
    return { x, y }
  })
  await page.mouse.click(point.x, point.y)
}

test('a wire tells who was lost, takes an assertion that fails, and undo takes it away', async ({ page }) => {
  const watched = watchPage(page)
  await runAll(page)
  await clickWire(page, 'validate.table→split.table')
  const card = page.locator('.wire-card')
  await expect(card).toContainText('50 rows of 300 lost')
  await expect(card.getByRole('table', { name: /by age_group/ }).getByRole('row', { name: /60\+/ })).toContainText(
    '50 / 100',
  )
  await expect(card).toContainText('age_group')
  await card.getByLabel('By another column').selectOption('approved')
  await expect(card.getByRole('table', { name: /by approved/ })).toBeVisible()
  await expect(page.locator('.dock .table-grid')).toBeVisible()

  await card.getByRole('button', { name: /Add an assertion/ }).click()
  await card.getByLabel('Limit', { exact: true }).fill('1000')
  await card.getByRole('button', { name: 'Add', exact: true }).click()
  const mark = page.locator('[data-wire="validate.table→split.table"] .wire-mark')
  await expect(mark).toHaveAttribute('data-verdict', 'fail')
  await expect(card).toContainText('Number of rows is 250 but should be at least 1\u202f000.')
  await expectAccessible(page, '.inspector', '.dock')
  await runAll(page)
  await expect(page.locator('[data-node="split"] .node-state')).toHaveAttribute('data-state', 'skipped')

  await card.locator('.assertion-text').click()
  await card.getByLabel('Limit', { exact: true }).fill('200')
  await page.keyboard.press('Enter')
  await expect(mark).toHaveAttribute('data-verdict', 'pass')
  await expect
    .poll(() => readFileSync(file(), 'utf8'))
    .toContain('      { "metric": "rows", "operator": ">=", "limit": 200 }\n')
  await page.locator('.inspector h2').click()
  await page.keyboard.press('Control+z')
  await expect(mark).toHaveAttribute('data-verdict', 'fail')
  await page.keyboard.press('Control+z')
  await expect(mark).toHaveCount(0)
  watched.expectNone()
})

test('by keys: from a node to its wires and back; F8 goes to what is wrong', async ({ page }) => {
  await page.locator('[data-node="validate"]').click()
  await page.keyboard.press('w')
  await expect(page.locator('.inspector h2')).toContainText('Infer schema → Validate schema')
  await page.keyboard.press('w')
  await expect(page.locator('.inspector h2')).toContainText('Read file → Validate schema')
  await page.keyboard.press('w')
  await expect(page.locator('.inspector h2')).toContainText('Validate schema → Split')
  await page.keyboard.press('w')
  await expect(page.locator('[data-node="validate"]')).toHaveAttribute('data-selected', 'true')
  await page.locator('[data-node="learn"]').click()
  await page.keyboard.press('Delete')
  await page.locator('[data-node="split"]').click()
  await page.getByLabel('Method', { exact: true }).selectOption('grouped')
  await expect(page.locator('.node-card[data-node="split"]')).toHaveAttribute('data-state', 'not-configured')
  await page.locator('[data-node="read"]').click()
  await page.keyboard.press('F8')
  await expect(page.locator('.node-card[data-node="split"]')).toHaveAttribute('data-selected', 'true')
  await expect(page.getByRole('tab', { name: 'Problem' })).toHaveAttribute('aria-selected', 'true')
  const problem = page.locator('.problem')
  await expect(problem).toContainText('Splitting by grouped needs a column')
  await expectAccessible(page, '.inspector', '.dock')
  await expect(problem.locator('details')).not.toHaveAttribute('open')
  await problem.getByRole('button', { name: /Set “Method” back/ }).click()
  await expect(page.locator('.problem')).toHaveCount(0)
})

test('a step that fails says whom it concerns; one click cures it, another runs it', async ({ page }) => {
  await page.locator('[data-node="schema"]').click()
  await page.getByLabel('Identifier', { exact: true }).selectOption('')
  await page.locator('[data-node="validate"]').click()
  await page.getByLabel('Most quarantined', { exact: true }).fill('0.1')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.node-card[data-node="validate"]')).toHaveAttribute('data-state', 'failed')
  await page.keyboard.press('F8')
  const problem = page.locator('.problem')
  await expect(problem).toContainText('50 of 300 rows do not fit the schema')
  await expect(problem).toContainText('debt')
  await problem.getByRole('button', { name: 'Let all of them go to quarantine' }).click()
  await problem.getByRole('button', { name: 'Run to here again' }).click()
  await expect(page.locator('.node-card[data-node="validate"]')).toHaveAttribute('data-state', 'done')
  await expect(page.locator('.problem')).toHaveCount(0)
})

test('a row leads back to the file it was read from', async ({ page }) => {
  await runAll(page)
  await page.locator('[data-node="split"]').click()
  const grid = page.locator('.dock .table-grid')
  await grid.locator('[data-trace="3"]').click()
  const trace = page.getByRole('complementary', { name: 'Where this row comes from' })
  await expect(trace.locator('li')).toHaveCount(3)
  await expect(trace).toContainText('Read file')
  await expect(trace).toContainText('Read from people.csv.')
  await expectAccessible(page, '.inspector', '.dock')
  await page.keyboard.press('Escape')
  await expect(trace).toHaveCount(0)
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await trace.getByRole('button', { name: 'Go to Read file' }).click()
  await expect(page.locator('[data-node="read"]')).toHaveAttribute('data-selected', 'true')
})

test('a person whose prediction was explained leads back to the row that was read', async ({ page }) => {
  await app.stop()
  const explained = {
    ...pipeline,
    nodes: { ...pipeline.nodes, explain: node('explain/shap', {}) },
    edges: [
      ...pipeline.edges,
      { from: 'learn.model', to: 'explain.model' },
      { from: 'split.table', to: 'explain.table' },
    ],
    layout: { ...pipeline.layout, explain: [1240, 120] },
  }
  writeFileSync(file(), JSON.stringify(explained))
  app = await startApp([file()])
  await page.goto(app.address)
  await expect(page.locator('[data-node]')).toHaveCount(6)
  await page.keyboard.press('Control+Enter')
  const card = page.locator('.node-card[data-node="explain"]')
  await expect(card).toHaveAttribute('data-state', 'done')
  await card.click()
  await page.getByRole('tab', { name: 'Result', exact: true }).click()
  const people = page.locator('.explained-people')
  await people.locator('summary').click()
  await people.getByRole('button').first().click()
  const trace = page.getByRole('dialog', { name: 'Where this row comes from' })
  await expect(trace.locator('li')).toHaveCount(3)
  await expect(trace).toContainText('Read from people.csv.')
  await page.keyboard.press('Escape')
  await expect(trace).toHaveCount(0)
})
