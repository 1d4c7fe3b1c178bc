import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings } from './accessible.ts'
import { type RunningApp, startApp } from './open-app.ts'

let folder = ''
let app: RunningApp
let server: ChildProcess | undefined

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
  server?.kill('SIGTERM')
  if (server?.exitCode === null) await once(server, 'exit')
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function deploy(page: Page, file: string): Promise<void> {
  app = await startApp([path.join(folder, file)])
  await page.goto(app.address)
  await page.getByRole('button', { name: 'Run', exact: true }).click()
  await expect(page.locator('[data-node="deploy"]')).toHaveAttribute('data-state', 'done', { timeout: 40_000 })
}

const plumbline = (...words: readonly string[]): ChildProcess =>
  spawn(process.execPath, [path.resolve('bin/plumbline.mjs'), ...words, '--project', folder])

/** Serves the model, and lets so many people ask it. */
async function ask(people: number): Promise<void> {
  server = plumbline('serve', 'loans', '--port', '0')
  let words = ''
  server.stdout!.on('data', (chunk) => {
    words += chunk
  })
  await expect.poll(() => words, { timeout: 20_000 }).toContain('answers at')
  const [, address] = /answers at (\S+)/.exec(words)!
  const { inputs } = (await (await fetch(`${address}/v2/models/loans`)).json()) as {
    readonly inputs: readonly { readonly name: string; readonly datatype: string }[]
  }
  const cell = (datatype: string, person: number) => (datatype === 'BYTES' ? 'other' : person)
  const rows = Array.from({ length: people }, (_, person) => ({
    ...Object.fromEntries(inputs.map(({ name, datatype }) => [name, cell(datatype, person)])),
    age_group: person % 2 ? 'under 30' : 'over 60',
  }))
  const answer = await fetch(`${address}/v1/predict`, { method: 'POST', body: JSON.stringify({ rows }) })
  expect(answer.status).toBe(200)
}

test('the registry: two versions deployed, rolled back, promoted and rolled out by keys, clean for axe in light and dark', async ({
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

  await page.getByRole('button', { name: 'Roll out version 1' }).focus()
  await page.keyboard.press('Enter')
  const form = page.getByRole('form', { name: 'Roll out v1' })
  await form.getByLabel('Strategy').selectOption('a-b')
  await expect(form.getByLabel('Difference to find')).toBeVisible()
  await form.getByLabel('Strategy').selectOption('canary')
  await form.getByLabel('Steps').fill('none')
  expect(await axeFindings(page)).toEqual([])
  await form.getByRole('button', { name: 'Start the rollout' }).click()
  await expect(page.getByRole('alert')).toContainText('The setting "steps"')
  await form.getByLabel('Steps').fill('40,60')
  await page.keyboard.press('Enter')
  await expect(form).toHaveCount(0)
  await ask(200)
  const rollout = page.getByRole('region', { name: 'Rollout of v1' })
  await expect(rollout.getByRole('row', { name: /^v1 new 40 % of people (?:[5-9]\d|1\d\d) / })).toBeVisible({
    timeout: 15_000,
  })
  await expect(rollout.getByRole('row', { name: /^v2 in production 60 % of people/ })).toBeVisible()
  await expect(rollout.getByRole('status')).toContainText('Version 1 answers 40 % of people')
  await expect(rollout.getByRole('list', { name: 'Steps' }).getByRole('listitem')).toHaveText([
    '40 % now',
    '60 % ahead',
    'production ahead',
  ])
  await expect(rollout.getByRole('region', { name: 'Guards' })).toContainText('✓ holds Errors')
  const groups = rollout.getByRole('region', { name: 'Favourable decisions by group' })
  await expect(
    groups.getByRole('img', { name: /age_group over 60, version 2: .*; age_group over 60, version 1: / }),
  ).toBeVisible()
  await rollout.getByRole('button', { name: 'Pause' }).focus()
  await page.keyboard.press('Enter')
  await expect(rollout.getByRole('status')).toContainText('Paused: version 2 answers everybody')
  await rollout.getByRole('button', { name: 'Go on' }).focus()
  await page.keyboard.press('Enter')
  await expect(rollout.getByText('◔ running')).toBeVisible()

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
  await rollout.getByRole('button', { name: 'Abort' }).focus()
  await page.keyboard.press('Enter')
  await expect(rollout.getByRole('status')).toHaveText('Aborted by hand.')
  await expect(rollout.getByRole('button')).toHaveCount(0)
})
