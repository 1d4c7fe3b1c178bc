import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { add, field, node, wire } from './build-pipeline.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const root = path.resolve(import.meta.dirname, '../..')
/** `npm run tour` keeps the pictures; a test run leaves the working tree as it is. */
const pictures = path.join(root, process.env.PLUMBLINE_TOUR ? 'docs/tour' : 'test-results/tour')
const wide = { width: 1760, height: 1000 }

let folder = ''
let app: RunningApp

test.describe.configure({ mode: 'serial' })
test.beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-loans-'))
  const examples = path.join(root, 'examples')
  for (const name of readdirSync(examples).filter((file) => !file.startsWith('.')))
    cpSync(path.join(examples, name), path.join(folder, name), { recursive: true })
  mkdirSync(pictures, { recursive: true })
  app = await startApp([path.join(folder, 'loan-approval.plumb.json')])
})
test.afterAll(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

const picture = async (page: Page, name: string) => {
  await page.waitForTimeout(300)
  await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: 'disabled' })
}
async function openAddress(page: Page): Promise<void> {
  // an address opens one window; later tests come back with a new one
  await page.goto(app.address)
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
}

test('an analyst builds the loan example from an empty canvas, runs it and opens its report without a network', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000)
  const watched = watchPage(page)
  await page.setViewportSize(wide)
  await openAddress(page)
  await page.keyboard.press('Alt+N')
  await expect(page.locator('[data-node]')).toHaveCount(0)

  const titles = [
    'Read file',
    'Profile',
    'Infer schema',
    'Validate schema',
    'Split',
    'Prepare',
    'Baseline',
    'Linear model',
    'Evaluate',
    'Slices',
    'Fairness audit',
    'SHAP',
    'Gate',
    'Fairness report',
  ]
  const ids: string[] = []
  for (const title of titles) ids.push(await add(page, title))
  const [
    read,
    profile,
    schema,
    validate,
    split,
    prepare,
    baseline,
    linear,
    evaluate,
    slices,
    audit,
    shap,
    gate,
    report,
  ] = ids as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ]
  await page.getByRole('button', { name: 'Tidy', exact: true }).click()
  await page.getByRole('button', { name: 'Fit', exact: true }).click()
  await page.waitForTimeout(500)

  const wires = [
    [`${read}.table`, `${profile}.table`],
    [`${read}.table`, `${schema}.table`],
    [`${read}.table`, `${validate}.table`],
    [`${schema}.schema`, `${validate}.schema`],
    [`${validate}.table`, `${split}.table`],
    [`${split}.table`, `${prepare}.table`],
    [`${split}.table`, `${baseline}.table`],
    [`${split}.table`, `${linear}.table`],
    [`${prepare}.preparation`, `${linear}.preparation`],
    [`${linear}.model`, `${evaluate}.model`],
    [`${split}.table`, `${evaluate}.table`],
    [`${baseline}.model`, `${evaluate}.baseline`],
    [`${linear}.model`, `${slices}.model`],
    [`${split}.table`, `${slices}.table`],
    [`${linear}.model`, `${audit}.model`],
    [`${split}.table`, `${audit}.table`],
    [`${linear}.model`, `${shap}.model`],
    [`${split}.table`, `${shap}.table`],
    [`${evaluate}.evaluation`, `${gate}.evaluation`],
    [`${audit}.evaluation`, `${gate}.evaluation`],
    [`${audit}.evaluation`, `${report}.evaluation`],
    [`${evaluate}.evaluation`, `${report}.evaluation`],
    [`${shap}.explanation`, `${report}.explanation`],
    [`${gate}.release`, `${report}.release`],
    [`${linear}.model`, `${report}.model`],
  ] as const
  for (const [from, to] of wires) await wire(page, from, to)

  await node(page, read).click()
  await field(page, 'File').fill('loans.csv')
  await node(page, schema).click()
  // the columns are known before anything has run
  await expect(field(page, 'Target').locator('option', { hasText: 'approved' })).toHaveCount(1)
  await field(page, 'Target').selectOption('approved')
  await field(page, 'Favourable outcome').fill('yes')
  for (const name of ['age', 'age_group', 'sex']) await field(page, 'Protected columns').selectOption(name)
  await field(page, 'Identifier').selectOption('applicant')
  await page.getByRole('button', { name: 'Tidy', exact: true }).click()
  await page.getByRole('button', { name: 'Fit', exact: true }).click()

  await page.getByRole('button', { name: 'Run', exact: true }).click()
  for (const id of ids)
    await expect(node(page, id), id).toHaveAttribute('data-state', /done|cached|gate/, { timeout: 40_000 })
  await expect(node(page, gate)).toContainText('fail')
  await picture(page, 'built')

  // run again: everything comes from the cache
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  for (const id of ids)
    await expect(node(page, id), id).toHaveAttribute('data-state', /cached|gate/, { timeout: 20_000 })

  await node(page, audit).click()
  await page.getByRole('tab', { name: 'Result' }).click()
  await expect(page.getByRole('complementary')).toContainText('60')

  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: /^Export/ }).click()
  await page.getByRole('menuitem', { name: /report/i }).click()
  const download = await downloading
  const file = path.join(folder, download.suggestedFilename())
  await download.saveAs(file)
  watched.expectNone()

  const offline = await browser.newContext({
    offline: true,
    viewport: { width: 1100, height: 1500 },
    acceptDownloads: true,
  })
  const reader = await offline.newPage()
  const asked: string[] = []
  const wrong: string[] = []
  reader.on('request', (request) => asked.push(request.url()))
  reader.on('console', (message) => message.type() === 'error' && wrong.push(message.text()))
  await reader.goto(`file://${file}`)
  await expect(reader.getByRole('heading', { level: 1 })).toBeVisible()
  await expect(reader.locator('body')).toContainText('Not ready')
  await reader.screenshot({ path: path.join(pictures, 'fairness-report.png'), fullPage: true })
  expect(asked.filter((url) => !/^(file|blob|data):/.test(url))).toEqual([])

  await reader.getByLabel(/name/i).first().fill('Ada Reviewer')
  await reader.getByLabel(/role/i).first().fill('Credit SME')
  await reader.getByLabel(/comment/i).fill('The postcode stands in for age.')
  await reader.getByText('Reject', { exact: true }).click()
  const saving = reader.waitForEvent('download')
  await reader.getByRole('button', { name: /save review file/i }).click()
  const review = path.join(folder, 'signed.review.json')
  await (await saving).saveAs(review)
  expect(wrong).toEqual([])
  expect(JSON.parse(readFileSync(review, 'utf8'))).toMatchObject({
    format: 1,
    reviewer: 'Ada Reviewer',
    role: 'Credit SME',
    decision: 'reject',
  })
  await offline.close()

  const drop = async (text: string) => {
    const data = await page.evaluateHandle((content) => {
      const transfer = new DataTransfer()
      transfer.items.add(new File([content], 'signed.review.json', { type: 'application/json' }))
      return transfer
    }, text)
    await page.dispatchEvent('body', 'dragover', { dataTransfer: data })
    await page.dispatchEvent('body', 'drop', { dataTransfer: data })
  }
  const text = readFileSync(review, 'utf8')
  await drop(JSON.stringify({ ...JSON.parse(text), modelHash: '0'.repeat(64) }))
  await expect(page.getByText(/another (evaluation or )?model|another model|does not belong/i).first()).toBeVisible()
  await drop(text)
  await page.getByRole('button', { name: 'Reviews', exact: true }).click()
  await expect(page.getByText('Ada Reviewer').first()).toBeVisible()
  await picture(page, 'reviews')
})

test('a file with a column that is gone says so on the node, with the cure', async ({ browser }) => {
  await app.stop()
  const file = path.join(folder, 'loan-approval.plumb.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('"target": "approved"', '"target": "aproved"'))
  app = await startApp([file])
  const page = await (await browser.newContext({ viewport: wide })).newPage()
  await openAddress(page)
  await node(page, 'schema').click()
  await expect(page.getByRole('complementary')).toContainText('aproved')
  await expect(page.getByRole('complementary')).toContainText('approved')
  await page.context().close()
})
