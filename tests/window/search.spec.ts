import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from '@playwright/test'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

const document = {
  format: 1,
  name: 'Searching',
  nodes: {
    pictures: { type: 'data/example', version: 1, params: { set: 'images', rows: 600 } },
    split: { type: 'data/split', version: 1, params: {} },
    search: {
      type: 'train/architecture-search',
      version: 2,
      params: { trials: 2_000, epochs: 4, mostKilobytes: 20, finalists: 1, latency: 'measured' },
    },
  },
  edges: [
    { from: 'pictures.table', to: 'split.table' },
    { from: 'split.table', to: 'search.table' },
  ],
  layout: { pictures: [0, 0], split: [240, 0], search: [480, 0] },
}

let folder = ''
let app: RunningApp
test.beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-search-'))
  writeFileSync(path.join(folder, 'plumbline.json'), JSON.stringify({ format: 1, name: 'Searching' }))
  const file = path.join(folder, 'searching.plumb.json')
  writeFileSync(file, JSON.stringify(document))
  app = await startApp([file])
})
test.afterEach(async () => {
  await app?.stop()
  rmSync(folder, { recursive: true, force: true })
})

/** The process below this one that has worked most: the worker in which the search runs. */
function busiestWorker(): number {
  const processes = readdirSync('/proc').flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      return [{ id: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }]
    } catch {
      return []
    }
  })
  const below = new Set([process.pid])
  for (let before = 0; before < below.size; ) {
    before = below.size
    for (const { id, parent } of processes) if (below.has(parent)) below.add(id)
  }
  const workers = processes.filter(
    ({ id }) => below.has(id) && readFileSync(`/proc/${id}/cmdline`, 'utf8').includes('--max-old-space-size'),
  )
  return workers.toSorted((a, b) => b.ticks - a.ticks)[0]!.id
}

test('a search measures and draws its fronts while it runs, goes on after its worker was killed, ends early, and its candidates open as networks by keys', async ({
  page,
}) => {
  test.skip(process.platform !== 'linux', 'finds the worker by /proc')
  test.setTimeout(180_000)
  const watched = watchPage(page)
  await page.goto(app.address)
  const card = page.locator('[data-node="search"]')
  const run = page.getByRole('button', { name: 'Run', exact: true })
  const inspector = page.getByRole('complementary')
  await card.click()
  await run.click()
  await page.getByRole('tab', { name: 'Result' }).click()
  await expect(inspector.getByRole('img', { name: /^Quality over latency/ })).toBeVisible({ timeout: 60_000 })
  await expect(inspector.getByRole('img', { name: /^Quality over size/ })).toBeVisible()
  await expect(
    inspector.getByRole('img', { name: /^The best so far, candidate \d+\. input \(1 × 16 × 16\)/ }),
  ).toBeVisible()
  const newest = inspector.getByRole('table', { name: 'The newest candidates' }).locator('tbody td').first()
  await expect(newest).toHaveText(/^\d{2,}$/, { timeout: 60_000 })
  await page.screenshot({ path: 'test-results/search-live.png' })

  const before = Number(await newest.textContent())
  process.kill(busiestWorker(), 'SIGKILL')
  await expect(card).toHaveAttribute('data-state', 'failed', { timeout: 30_000 })
  await run.click()
  await expect(card).toHaveAttribute('data-state', 'running')
  await page
    .getByRole('button', { name: /[Ff]inish/ })
    .first()
    .click()
  await expect(card).toHaveAttribute('data-state', /done|cached/, { timeout: 60_000 })
  const found = await card.getByText(/best of \d/).textContent()
  expect(Number(/best of ([\d,\s]+)/.exec(found!)![1]!.replace(/\D/g, ''))).toBeGreaterThanOrEqual(before)

  await expect(inspector.getByRole('img', { name: /^Measured over counted/ })).toBeVisible()
  const offers = inspector.getByRole('combobox', { name: 'What to put on the canvas' })
  expect(await offers.locator('option').count()).toBeGreaterThanOrEqual(before)
  await offers.focus()
  await page.keyboard.press('ArrowDown')
  await expect(offers).toHaveValue('1')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await expect(page.locator('[data-node="neural-network"]')).toBeFocused()
  await page.getByRole('tab', { name: 'Settings' }).click()
  const chosen = inspector.locator('option:checked')
  await expect(chosen.filter({ hasText: /^own$/ })).toHaveCount(1)
  await expect(chosen.filter({ hasText: /^(separable )?convolution$/ }).first()).toBeAttached()
  await page.screenshot({ path: 'test-results/search-candidate.png' })
  watched.expectNone()
})
