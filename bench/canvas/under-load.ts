import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { chromium } from '@playwright/test'
import type { PipelineDocument } from '#contract'
import { printDocument } from '#graph/print'
import { findBrowser, quietSwitches, sandboxed } from '../../scripts/browser.mjs'
import { startApp } from '../../tests/window/open-app.ts'
import { dragFrames, type Frames, shareOver, typingDelays } from './measure-page.ts'

const cores = os.availableParallelism()

/** As many forests as there are cores, each of another seed so that none comes from the cache. */
function heavyPipeline(): PipelineDocument {
  const nodes: Record<string, PipelineDocument['nodes'][string]> = {
    rows: { type: 'data/example', version: 1, params: { rows: 100_000 } },
    split: { type: 'data/split', version: 1, params: {} },
  }
  const edges = [{ from: 'rows.table', to: 'split.table' }]
  const layout: Record<string, [number, number]> = { rows: [0, 0], split: [240, 0] }
  for (let at = 0; at < cores; at++) {
    nodes[`forest-${at}`] = { type: 'train/forest', version: 1, params: { trees: 400 + at } }
    edges.push({ from: 'split.table', to: `forest-${at}.table` })
    layout[`forest-${at}`] = [480, 160 * at]
  }
  const empty = { description: '', inputs: {}, frames: [], notes: [] }
  return { format: 1, name: 'Heavy', seed: 1, nodes, edges, layout, ...empty }
}

/** Typing and dragging while the engine trains on every core, beside the same with the engine at rest. */
export async function benchUnderLoad(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-load-'))
  const file = path.join(folder, 'heavy.plumb.json')
  writeFileSync(file, printDocument(heavyPipeline()))
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? undefined,
    chromiumSandbox: sandboxed,
    args: quietSwitches,
  })
  const app = await startApp([file])
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.goto(app.address)
    await page.locator('[data-node]').first().waitFor()
    await page.waitForTimeout(2_500)
    const measure = async () => {
      await page.keyboard.press('Escape')
      const keys = await typingDelays(page, '.inspector input.field >> nth=0', 'approved loans of spring')
      return { keys, drag: await dragFrames(page, '[data-node]') }
    }
    console.log(`${cores} cores; load of the machine before: ${os.loadavg()[0]!.toFixed(1)}\n`)
    console.log('| engine | a key: median, 95 %, longest | drag: 95 %, longest frame | frames over 50 ms |')
    console.log('| --- | --- | --- | --- |')
    say('at rest', await measure())
    await page.keyboard.press('Control+Enter')
    await page.locator('.node-card[data-state="running"][data-node^="forest"]').first().waitFor()
    say('on every core', await measure())
    const busy = await page.locator('.node-card[data-state="running"]').count()
    console.log(`\n${busy} steps were still at work afterwards.`)
  } finally {
    await app.stop()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function say(engine: string, { keys, drag }: { readonly keys: Frames; readonly drag: Frames }): void {
  const at = (values: Frames, share: number) =>
    values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(share * values.length))]!.toFixed(0)
  const over = (100 * shareOver(drag, 50)).toFixed(0)
  const ofKeys = [at(keys, 0.5), at(keys, 0.95), at(keys, 1)].join(', ')
  console.log(`| ${engine} | ${ofKeys} ms | ${at(drag, 0.95)}, ${at(drag, 1)} ms | ${over} % |`)
}
