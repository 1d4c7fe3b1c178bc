import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, type Page, test } from '@playwright/test'
import { field, node, wire } from './build-pipeline.ts'
import { type RunningApp, startApp, watchPage } from './open-app.ts'

/** The app on a fresh folder that holds one pipeline, and what else is given. */
async function openFolder(pipeline: string, others: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-opening-'))
  for (const [name, text] of Object.entries({ 'opened.plumb.json': pipeline, ...others })) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
    writeFileSync(path.join(folder, name), text)
  }
  const file = path.join(folder, 'opened.plumb.json')
  const app = await startApp([file])
  const stop = async () => {
    await app.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { app: { ...app, stop }, file }
}

/** Keeps back what the engine finds out about the document until it is let go. */
async function holdChecks(page: Page): Promise<() => void> {
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  await page.routeWebSocket('**/engine', (socket) => {
    const engine = socket.connectToServer()
    const checks = new Set<number>()
    socket.onMessage((message) => {
      const { method, id } = JSON.parse(String(message)) as { method?: string; id: number }
      if (method === 'check') checks.add(id)
      engine.send(message)
    })
    engine.onMessage(async (message) => {
      const answer = String(message).startsWith('{') ? (JSON.parse(String(message)) as { id?: number }) : {}
      if (answer.id !== undefined && checks.has(answer.id)) await released
      socket.send(message)
    })
  })
  return release
}

test('the pipeline is there before the engine has looked at it; what is edited meanwhile is kept, states come after', async ({
  page,
}) => {
  const watched = watchPage(page)
  const { app, file } = await openFolder(pipelineOf(4))
  try {
    const release = await holdChecks(page)
    await page.goto(app.address)
    await expect(page.locator('[data-node]')).toHaveCount(4)
    await expect(node(page, 'n2')).toContainText('Node 2')
    await expect(page.locator('[data-port="n2.table"]')).toHaveCount(2)
    await wire(page, 'n1.table', 'n2.table')
    await node(page, 'n2').click()
    await field(page, 'Title of the node').fill('Three parts')
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('Three parts')
    await expect(node(page, 'n4')).toHaveAttribute('data-state', 'ready')

    release()
    await expect(node(page, 'n4')).toHaveAttribute('data-state', 'not-configured')
    await expect(node(page, 'n2')).toHaveAttribute('data-state', 'ready')
    await expect(node(page, 'n2')).toContainText('Three parts')
    await expect(page.locator('[data-wire="n1.table→n2.table"]')).toHaveCount(1)
    expect(readFileSync(file, 'utf8')).toContain('Three parts')
    watched.expectNone()
  } finally {
    await app.stop()
  }
})

test('an engine that can not start is named, and the pipeline can be looked at and saved', async ({ page }) => {
  const { app, file } = await openFolder(pipelineOf(1), {
    '.plumbline/lineage.sqlite': 'no database',
  })
  try {
    await page.goto(app.address)
    await expect(page.locator('[data-node]')).toHaveCount(1)
    await expect(page.getByRole('alert').filter({ hasText: 'did not start' })).toBeVisible()
    await field(page, 'Description').fill('written all the same')
    await expect.poll(() => readFileSync(file, 'utf8')).toContain('written all the same')
  } finally {
    await app.stop()
  }
})

/** So many sources of rows in a square, each but the first of a row with a split behind it. */
function pipelineOf(count: number): string {
  const across = Math.ceil(Math.sqrt(count))
  const ids = Array.from({ length: count }, (_, index) => `n${index + 1}`)
  const isSplit = (index: number) => index % across > 0 && index % 2 === 1
  return JSON.stringify({
    format: 1,
    name: `${count} nodes`,
    description: '',
    seed: 1,
    nodes: Object.fromEntries(
      ids.map((id, index) => [
        id,
        { type: isSplit(index) ? 'data/split' : 'data/example', version: 1, title: `Node ${index + 1}`, params: {} },
      ]),
    ),
    edges: [],
    inputs: {},
    layout: Object.fromEntries(
      ids.map((id, index) => [id, [(index % across) * 300, Math.floor(index / across) * 200]]),
    ),
    frames: [],
    notes: [],
  })
}

test.describe('a pipeline too large for its cards', () => {
  let file = ''
  let app: RunningApp
  test.beforeEach(async ({ page }) => {
    const opened = await openFolder(pipelineOf(900))
    app = opened.app
    file = opened.file
    await page.goto(app.address)
  })
  test.afterEach(() => app?.stop())

  test('opens as a whole in boxes that can be chosen, moved and named', async ({ page }) => {
    await expect(page.locator('.node-speck')).toHaveCount(900)
    const box = (await node(page, 'n465').boundingBox())!
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
    await expect(node(page, 'n465')).toHaveAttribute('data-selected', 'true')
    await expect(page.getByRole('complementary')).toContainText('Example data')
    await expect(node(page, 'n465')).toHaveAccessibleName(/^Node 465, /)
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2 + 8, box.y + box.height / 2 + 6, { steps: 4 })
    await page.mouse.up()
    await expect
      .poll(() => {
        const { layout } = JSON.parse(readFileSync(file, 'utf8'))
        return layout.n465[0] > 4_200 && layout.n465[1] > 3_000
      })
      .toBe(true)
  })

  test('shows whole cards when it is looked at closely, and only those in sight; their ports take wires', async ({
    page,
  }) => {
    await expect(page.locator('.node-speck')).toHaveCount(900)
    await page.keyboard.press('0')
    await expect.poll(() => page.locator('[data-node]').count()).toBeLessThan(100)
    await expect(page.locator('.node-speck')).toHaveCount(0)
    const [from, to] = await neighbours(page)
    await wire(page, `${from}.table`, `${to}.table`)
    await expect(page.locator(`[data-wire="${from}.table→${to}.table"]`)).toHaveCount(1)
  })
})

/** A source of rows and the split to its right, both well inside the canvas. */
async function neighbours(page: Page): Promise<readonly [string, string]> {
  const seen = await page.locator('.canvas').evaluate((canvas) => {
    const frame = canvas.getBoundingClientRect()
    return [...canvas.querySelectorAll<HTMLElement>('[data-node]')]
      .filter((card) => {
        const box = card.getBoundingClientRect()
        return (
          box.left > frame.left + 20 &&
          box.right < frame.right - 20 &&
          box.top > frame.top &&
          box.bottom < frame.bottom - 120
        )
      })
      .map((card) => Number(card.dataset.node!.slice(1)))
  })
  const from = seen.find((number) => number % 2 === 1 && seen.includes(number + 1))
  if (from === undefined) throw new Error('no two cards stand side by side')
  return [`n${from}`, `n${from + 1}`]
}
