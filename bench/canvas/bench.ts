import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import { printDocument } from '#graph/print'
import { findBrowser, quietSwitches, sandboxed } from '../../scripts/browser.mjs'
import { startApp } from '../../tests/window/open-app.ts'
import { median } from '../measure-command.ts'
import { manyNodes } from './many-nodes.ts'
import { dragFrames, type Frames, shareOver, typingDelays, zoomFrames } from './measure-page.ts'
import { type PlainFlow, servePlainFlow } from './plain-flow.ts'

interface Measured {
  readonly openMs: number
  readonly drag: Frames
  readonly zoom: Frames
  readonly typing?: readonly number[]
}

const counts = [100, 300, 1_000, 3_000]
const rest = 2_500

/** Opening, dragging and zooming in a real browser, beside the same graph in plain React Flow. */
export async function benchCanvas(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-canvas-'))
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? undefined,
    chromiumSandbox: sandboxed,
    args: quietSwitches,
  })
  const plain = await servePlainFlow(folder)
  console.log(
    'Frames over 25 and 40 ms while a card is carried and while the wheel zooms; every card shows a result.\n',
  )
  console.log('| nodes | | open | drag > 25 ms | > 40 ms | zoom > 25 ms | > 40 ms | a key, median ms |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  try {
    for (const count of counts) {
      const ours = await measureOurs(browser, folder, count)
      const theirs = await measurePlain(browser, plain, count)
      console.log(row(String(count), 'Plumbline', ours))
      console.log(row('', 'React Flow', theirs))
      console.log(`| | open, ours / theirs | ${(ours.openMs / theirs.openMs).toFixed(2)} | | | | | |`)
    }
  } finally {
    plain.close()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOurs(browser: Browser, folder: string, count: number): Promise<Measured> {
  const file = path.join(folder, `${count}.plumb.json`)
  writeFileSync(file, printDocument(manyNodes(count)))
  const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
  execFileSync(process.execPath, [bin, 'run', file], { stdio: 'ignore' })
  const app = await startApp([file])
  try {
    return await onPage(browser, app.address, '[data-node]', async (page) => {
      // without a selection the inspector holds the pipeline's own name
      await page.keyboard.press('Escape')
      return typingDelays(page, '.inspector input.field >> nth=0', 'approved')
    })
  } finally {
    await app.stop()
  }
}

const measurePlain = (browser: Browser, plain: PlainFlow, count: number) =>
  onPage(browser, plain.address(manyNodes(count)), '.react-flow__node')

async function onPage(
  browser: Browser,
  address: string,
  selector: string,
  type?: (page: Page) => Promise<readonly number[]>,
): Promise<Measured> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  try {
    const started = performance.now()
    await page.goto(address)
    await page.locator(selector).first().waitFor()
    const openMs = performance.now() - started
    await page.waitForTimeout(rest)
    const drag = await dragFrames(page, selector)
    const zoom = await zoomFrames(page)
    return { openMs, drag, zoom, ...(type && { typing: await type(page) }) }
  } finally {
    await page.close()
  }
}

function row(count: string, who: string, { openMs, drag, zoom, typing }: Measured): string {
  const share = (frames: Frames, limit: number) => `${(100 * shareOver(frames, limit)).toFixed(0)} %`
  const cells = [share(drag, 25), share(drag, 40), share(zoom, 25), share(zoom, 40)]
  const key = typing ? median([...typing]).toFixed(0) : ''
  return `| ${count} | ${who} | ${(openMs / 1000).toFixed(1)} s | ${cells.join(' | ')} | ${key} |`
}
