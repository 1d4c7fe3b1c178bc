import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium, type Page } from '@playwright/test'
import { findBrowser, quietSwitches, sandboxed } from '../../scripts/browser.mjs'
import { startApp } from '../../tests/window/open-app.ts'
import { median, memoryOf, treeOf } from '../measure-command.ts'
import { askEngine, type Taken } from './ask-engine.ts'
import { mostRowsSeen, pageMegabytes, paintedAfter } from './watch-page.ts'
import { type TableSize, type WideProject, wideProject } from './wide-table.ts'

const sizes: Readonly<Record<string, TableSize>> = {
  large: { rows: 10_000_000, columns: 200 },
  small: { rows: 1_000_000, columns: 50 },
}
/** In one text column of one row. */
const rare = 'person 00777777'

/** The table viewer in a real browser through the real host, then its engine beside polars on the same file. */
export async function benchTable(name = 'large'): Promise<void> {
  const size = sizes[name]
  if (!size) throw new Error(`There is no table "${name}": take ${Object.keys(sizes).join(' or ')}.`)
  const project = await wideProject(size)
  console.log(
    `${size.rows} rows x ${size.columns} columns; load of the machine before: ${os.loadavg()[0]!.toFixed(1)}\n`,
  )
  await inBrowser(size, project)
  await besidePolars(size, project)
}

function say(what: string, milliseconds: number): void {
  console.log(`| ${what} | ${milliseconds.toFixed(0)} ms |`)
}

async function inBrowser(size: TableSize, { file, columns }: WideProject): Promise<void> {
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? undefined,
    chromiumSandbox: sandboxed,
    args: [...quietSwitches, '--enable-precise-memory-info'],
  })
  const app = await startApp([file])
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(app.address)
    await page.locator('[data-node="wide"]').waitFor()
    await page.waitForTimeout(2_500)
    console.log('| in the page | |\n| --- | --- |')
    const open = () => page.locator('[data-node="wide"]').click()
    say('first click to cells', await paintedAfter(page, open, 'cells'))
    say('all column heads in view with bars (sample)', await paintedAfter(page, async () => {}, 'bars'))
    const again: number[] = []
    for (let time = 0; time < 5; time++) {
      await page.keyboard.press('Escape')
      await page.locator('.dock .table-grid').waitFor({ state: 'detached' })
      again.push(await paintedAfter(page, open, 'cells'))
    }
    say('click to cells, again', median(again))
    await scrolls(page, size)
    await sortsAndSearches(page, columns[1]!.name)
    console.log(`| most rows in the document | ${await mostRowsSeen(page)} |`)
    console.log(`| memory of the page | ${(await pageMegabytes(page)).toFixed(0)} MB |`)
    console.log(`| memory of host and engine | ${(engineBytes() / 1_048_576).toFixed(0)} MB |\n`)
  } finally {
    await app.stop()
    await browser.close()
  }
}

async function scrolls(page: Page, { rows }: TableSize): Promise<void> {
  const to = (share: number) => () =>
    page.locator('.dock .table-grid').evaluate((grid, part) => {
      grid.scrollTop = part * (grid.scrollHeight - grid.clientHeight)
    }, share)
  say('scroll to the end', await paintedAfter(page, to(1), 'row', rows - 2))
  say('scroll back to the start', await paintedAfter(page, to(0), 'row', 0))
  await page.locator('.dock .table-grid').focus()
  say('key to the last row', await paintedAfter(page, () => page.keyboard.press('Control+ArrowDown'), 'row', rows - 2))
  await page.keyboard.press('Control+ArrowUp')
}

async function sortsAndSearches(page: Page, column: string): Promise<void> {
  const head = page.locator('.dock .table-head-cell', { hasText: column }).locator('.table-head-name')
  say(`sort by ${column}: first rows`, await paintedAfter(page, () => head.click(), 'other'))
  say('sort: all in order', await paintedAfter(page, async () => {}, 'settled'))
  await page.getByRole('button', { name: 'Stored order' }).click()
  const search = page.locator('.dock .table-search')
  say('search: first hits', await paintedAfter(page, () => search.fill(rare), 'hits'))
  say('search: all', await paintedAfter(page, async () => {}, 'answered'))
  await search.fill('')
}

/** Memory of the processes this one started that are no browser's. */
function engineBytes(): number {
  return treeOf(process.pid)
    .filter(({ pid, name }) => pid !== process.pid && !/chrom|headless/i.test(name))
    .reduce((sum, { pid }) => sum + memoryOf(pid), 0)
}

async function besidePolars(size: TableSize, project: WideProject): Promise<void> {
  const python = path.resolve(import.meta.dirname, '../parity/.venv-core/bin/python')
  const ours = await askEngine(size, project, rare)
  const theirs: Record<string, Taken> = existsSync(python)
    ? JSON.parse(
        execFileSync(python, [path.join(import.meta.dirname, 'peer.py'), project.parquet, rare], { encoding: 'utf8' }),
      )
    : {}
  console.log(
    '| engine alone | CPU | polars, CPU | CPU, ours / polars | wall | ours / polars |\n| --- | --- | --- | --- | --- | --- |',
  )
  for (const [what, own] of Object.entries(ours)) {
    const other = theirs[what]
    const ratio = (of: keyof Taken) => (other ? (own[of] / other[of]).toFixed(2) : '')
    const cells = [`${own.cpu.toFixed(0)} ms`, other ? `${other.cpu.toFixed(0)} ms` : '', ratio('cpu')]
    console.log(`| ${what} | ${cells.join(' | ')} | ${own.wall.toFixed(0)} ms | ${ratio('wall')} |`)
  }
}
