import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { axeFindings, expectAccessible } from './accessible.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const examples = path.resolve(import.meta.dirname, '../../examples')
const name = 'loan-approval.plumb.json'
let folder = ''
let file = ''
let app: RunningApp

test.beforeEach(async ({ page }) => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-history-'))
  for (const entry of readdirSync(examples).filter((one) => !one.startsWith('.')))
    cpSync(path.join(examples, entry), path.join(folder, entry), { recursive: true })
  file = path.join(folder, name)
  app = await open(page)
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function open(page: Page): Promise<RunningApp> {
  const running = await startApp([file])
  await page.goto(running.address)
  await expect(page.locator('[data-node]').first()).toBeVisible()
  return running
}

const onDisk = () => JSON.parse(readFileSync(file, 'utf8'))
const pipelineName = (page: Page) => page.getByRole('textbox', { name: 'Name of the pipeline' })
const saved = (page: Page) => expect(page.locator('.crumbs')).toContainText('saved')

async function rename(page: Page, to: string) {
  await pipelineName(page).fill(to)
  await pipelineName(page).press('Enter')
}

/** Changes the file as another program would. */
function edit(change: (document: { name: string; seed: number }) => void) {
  const document = onDisk()
  change(document)
  writeFileSync(file, `${JSON.stringify(document, null, 2)}\n`)
}

test('undo goes on after the app was closed and started again', async ({ page }) => {
  const before = onDisk().name
  await rename(page, 'First name')
  await saved(page)
  await page.locator('[data-node="validate"]').click()
  await page.keyboard.press('Delete')
  await expect(page.locator('[data-node="validate"]')).toHaveCount(0)
  await expect.poll(() => onDisk().nodes.validate).toBeUndefined()
  await saved(page)
  await app.stop()
  app = await open(page)
  await expect(page.locator('[data-node="validate"]')).toHaveCount(0)
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node="validate"]')).toHaveCount(1)
  await page.keyboard.press('Control+z')
  await expect(pipelineName(page)).toHaveValue(before)
  await page.keyboard.press('Control+Shift+z')
  await expect(pipelineName(page)).toHaveValue('First name')
})

/** Keeps the app from saving: what another program is just writing is no pipeline, and is not written over. */
async function halfWritten(page: Page): Promise<string> {
  const text = readFileSync(file, 'utf8')
  writeFileSync(file, text.slice(0, text.length / 2))
  await expect(page.locator('.banner')).toContainText('can not be read as a pipeline any more')
  return text
}

test('what was not saved when the app was killed is back when it opens again', async ({ page }) => {
  const before = onDisk().name
  const text = await halfWritten(page)
  await rename(page, 'Edit that was never saved')
  await page.waitForTimeout(1_000)
  await app.kill()
  writeFileSync(file, text)
  app = await open(page)
  await expect(page.locator('.banner')).toContainText('not saved when Plumbline ended are back')
  await expect(pipelineName(page)).toHaveValue('Edit that was never saved')
  await page.getByRole('button', { name: 'Leave them out' }).click()
  await expect(pipelineName(page)).toHaveValue(before)
  await saved(page)
  await expect.poll(() => onDisk().name).toBe(before)
})

test('two windows on one file merge what does not collide and ask about the rest', async ({ page }) => {
  const watched = watchPage(page)
  edit((document) => {
    document.seed = 77
  })
  await expect(page.locator('.notice')).toContainText('was changed elsewhere')
  const text = await halfWritten(page)
  await rename(page, 'Mine')
  writeFileSync(file, JSON.stringify({ ...JSON.parse(text), name: 'Theirs', seed: 78 }))
  await expect(page.locator('.banner')).toContainText('Nothing is overwritten until you decide')
  expect(onDisk().name).toBe('Theirs')
  await page.getByRole('button', { name: 'Decide…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Which version stays?' })
  await expect(dialog.locator('.conflict-card')).toHaveCount(1)
  await expect(dialog.getByRole('button', { name: 'Decide 1 more' })).toBeDisabled()
  await picture(page, 'conflict')
  expect(await axeFindings(page)).toEqual([])
  await page.keyboard.press('m')
  await dialog.getByRole('button', { name: 'Merge' }).click()
  await expect.poll(() => [onDisk().name, onDisk().seed]).toEqual(['Mine', 78])
  await saved(page)
  await page.keyboard.press('Control+z')
  await expect.poll(() => onDisk().seed).toBe(77)
  watched.expectNone()
})

test('two real windows: each takes what the other saves, and edits of both come together', async ({
  page,
  context,
}) => {
  const other = await startApp([file])
  try {
    const second = await context.newPage()
    await second.goto(other.address)
    await expect(second.locator('[data-node]')).toHaveCount(14)
    await rename(second, 'From the other window')
    await expect(pipelineName(page)).toHaveValue('From the other window')
    await second.locator('[data-node="profile"]').click()
    await second.keyboard.press('Delete')
    await page.locator('[data-node="shap"]').click()
    await page.keyboard.press('Delete')
    await expect.poll(() => Object.keys(onDisk().nodes).length).toBe(12)
    for (const window of [page, second]) {
      await expect(window.locator('[data-node]')).toHaveCount(12)
      await saved(window)
    }
    expect(onDisk().name).toBe('From the other window')
  } finally {
    await other.stop()
  }
})

test('a merge that git left unfinished opens with its conflicts', async ({ page }) => {
  await app.stop()
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@example.org', ...words], {
      cwd: folder,
      stdio: 'ignore',
    })
  const commit = (title: string, to: string) => {
    writeFileSync(file, readFileSync(file, 'utf8').replace(/"name": "[^"]*"/, `"name": "${to}"`))
    git('add', name)
    git('commit', '-qm', title)
  }
  git('init', '-q', '-b', 'main')
  commit('base', 'Base')
  git('checkout', '-qb', 'theirs')
  commit('theirs', 'Theirs')
  git('checkout', '-q', 'main')
  commit('ours', 'Ours')
  expect(() => git('merge', 'theirs')).toThrow()
  expect(readFileSync(file, 'utf8')).toContain('<<<<<<<')
  app = await open(page)
  const dialog = page.getByRole('dialog', { name: 'Which version stays?' })
  await expect(dialog).toContainText('unfinished merge of git')
  await dialog.getByRole('button', { name: 'All theirs' }).click()
  await dialog.getByRole('button', { name: 'Merge' }).click()
  await expect.poll(() => readFileSync(file, 'utf8')).not.toContain('<<<<<<<')
  expect(onDisk().name).toBe('Theirs')
})

test('a state gets a name, is compared with now, shown on the canvas and brought back', async ({ page }) => {
  const watched = watchPage(page)
  await page.keyboard.press('Alt+s')
  await page.getByRole('textbox', { name: 'Name of this state' }).fill('Before the repair')
  await page.keyboard.press('Enter')
  await expect(page.locator('.notice')).toContainText('“Before the repair” is kept')
  await page.locator('[data-node="validate"]').click()
  await page.keyboard.press('Control+Backspace')
  await expect(page.locator('[data-node]')).toHaveCount(13)
  await page.keyboard.press('Control+k')
  await page.keyboard.type('history')
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'History' })
  await dialog.getByRole('button', { name: /^Before the repair/ }).click()
  await expect(dialog.locator('.difference [data-change="removed"]').first()).toContainText('Validate')
  await picture(page, 'history')
  await dialog.getByRole('button', { name: 'Show on the canvas' }).click()
  await expect(page.locator('.comparison-bar')).toContainText('0 added · 0 changed · 1 removed')
  await expect(page.locator('.gone-node')).toHaveCount(1)
  await picture(page, 'comparison')
  await page.getByRole('button', { name: 'End comparison' }).click()
  await page.keyboard.press('Alt+h')
  await dialog.getByRole('button', { name: /^Before the repair/ }).click()
  await dialog.getByRole('button', { name: 'Go back to this' }).click()
  await expect(page.locator('[data-node]')).toHaveCount(14)
  await page.keyboard.press('Control+z')
  await expect(page.locator('[data-node]')).toHaveCount(13)
  watched.expectNone()
})

test('what changed since a run stands beside what it did to figures and fairness', async ({ page }) => {
  const kept = ['applications', 'schema', 'validate', 'split', 'prepare', 'model', 'evaluate', 'audit']
  const document: Loose = onDisk()
  const inside = (address: string) => kept.includes(address.split('.')[0] ?? '')
  writeFileSync(
    file,
    JSON.stringify({
      ...document,
      nodes: Object.fromEntries(Object.entries(document.nodes).filter(([id]) => kept.includes(id))),
      edges: document.edges.filter(({ from, to }) => inside(from) && inside(to)),
      inputs: {},
      layout: {},
    }),
  )
  await expect(page.locator('[data-node]')).toHaveCount(kept.length)
  const run = async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await expect(page.locator('[data-node="audit"]')).toHaveAttribute('data-state', /done|cached/, { timeout: 40_000 })
  }
  await run()
  await page.locator('[data-node="model"]').click()
  await page.getByRole('complementary').getByLabel('Penalty', { exact: true }).fill('400')
  await expect(page.locator('[data-node="audit"]')).toHaveAttribute('data-state', 'stale')
  await run()
  await page.getByRole('button', { name: 'Build', exact: true }).focus()
  await page.keyboard.press('Alt+h')
  const dialog = page.getByRole('dialog', { name: 'History' })
  await dialog.getByRole('button', { name: /^Run / }).last().click()
  await expect(dialog.locator('.difference [data-change]')).toContainText(['Penalty'])
  const comparison = dialog.getByRole('region', { name: 'Comparison' })
  await expect(comparison).toContainText('ROC AUC')
  await expect(comparison).toContainText(/ratio/i)
  await picture(page, 'figures')
  await expectAccessible(page, '[role=dialog]')
})

test('older, stranger and newer files open, and stay as they are on disk', async ({ page }) => {
  const watched = watchPage(page)
  const write = (title: string, change: (document: Loose) => void) => {
    const document: Loose = JSON.parse(readFileSync(path.join(examples, name), 'utf8'))
    change(document)
    const text = JSON.stringify(document)
    writeFileSync(path.join(folder, title), text)
    return text
  }
  const strange = write('strange.plumb.json', (document) => {
    document.nodes.model!.type = 'train/forgotten'
    document.edges.push({ from: 'split.rest', to: 'evaluate.weights' })
  })
  const newer = write('newer.plumb.json', (document) => {
    document.format = 99
    document.stages = [{ title: 'One' }]
  })
  const go = async (title: string) => {
    await page.goto(`${new URL(page.url()).origin}/?file=${title}`)
    await expect(page.locator('[data-node="evaluate"]')).toBeVisible()
  }
  await go('strange.plumb.json')
  await expect(page.locator('[data-node="model"]')).toContainText('which the catalogue does not have')
  await expect(page.locator('[data-ghost="evaluate.weights"]')).toHaveCount(1)
  await expect(page.locator('[data-ghost="model.model"]')).toHaveCount(1)
  await expect(page.locator('[data-wire="split.rest→evaluate.weights"]')).toHaveCount(1)
  await picture(page, 'strange')
  await go('newer.plumb.json')
  await expect(page.locator('.banner')).toContainText('written by a newer Plumbline')
  await page.locator('[data-node="validate"]').click()
  await page.keyboard.press('Delete')
  await page.keyboard.press('Control+Enter')
  await expect(page.locator('.notice', { hasText: 'open it with a newer Plumbline' })).toBeVisible()
  await expect(page.locator('[data-node="validate"]')).toHaveCount(1)
  await picture(page, 'newer')
  await page.waitForTimeout(1_200)
  expect(readFileSync(path.join(folder, 'strange.plumb.json'), 'utf8')).toBe(strange)
  expect(readFileSync(path.join(folder, 'newer.plumb.json'), 'utf8')).toBe(newer)
  watched.expectNone()
})

/** A pipeline file whatever stands in it. */
interface Loose {
  format: number
  stages?: unknown
  nodes: Record<string, { type: string }>
  edges: { from: string; to: string }[]
}

/** A picture of the window in light and dark, where somebody asks for pictures. */
async function picture(page: Page, title: string) {
  const target = process.env.PLUMBLINE_PICTURES
  if (target === undefined) return
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await page.waitForTimeout(200)
    await page.screenshot({ path: path.join(target, `${title}-${scheme}.png`) })
  }
}
