import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Browser, chromium, type Page } from '@playwright/test'
import type { PipelineDocument } from '#contract'
import { printDocument } from '#graph/print'
import { findBrowser, quietSwitches, sandboxed } from '../../scripts/browser.mjs'
import { startApp } from '../../tests/window/open-app.ts'
import { median } from '../measure-command.ts'
import { manyNodes } from './many-nodes.ts'
import {
  dragFrames,
  type Frames,
  mainThreadClock,
  middleCard,
  panFrames,
  shareOver,
  turnWheel,
  typingDelays,
  untilDrawn,
  type Wheel,
  zoomFrames,
  zoomTurns,
} from './measure-page.ts'
import { installNodeRed, startNodeRed } from './node-red.ts'
import { type PlainFlow, servePlainFlow } from './plain-flow.ts'

interface Act {
  readonly frames: Frames
  /** Processor time of the page's main thread; other work on the machine hardly changes it. */
  readonly cpuMs: number
}
interface Measured {
  readonly openMs: number
  readonly openCpuMs: number
  /** From afar, as much of the graph in sight as the tool shows. */
  readonly farDrag: Act
  readonly zoom: Act
  readonly nearDrag: Act
  readonly nearPan: Act
  readonly typing?: readonly number[]
}

/** How a tool is worked with. */
interface Tool {
  readonly card: string
  /** What lies over the page until it is ready. */
  readonly cover?: string
  /** What is carried to move the canvas. */
  readonly ground: string | 'wheel'
  /** From afar, `zoomTurns` of it take the tool near its full size. */
  readonly wheel: Wheel
  /** It opens near, where others open from afar. */
  readonly opensNear?: true
  /** Opens a form and gives its first field. */
  readonly field?: (page: Page) => Promise<string>
}

const plumbline: Tool = {
  card: '[data-node]',
  ground: '.react-flow__pane',
  wheel: { delta: 48 },
  async field(page) {
    // without a selection the inspector holds the pipeline's own name
    await page.keyboard.press('Escape')
    return '.inspector input.field >> nth=0'
  },
}
const reactFlow: Tool = { card: '.react-flow__node', ground: '.react-flow__pane', wheel: { delta: 48 } }
const nodeRed: Tool = {
  card: '.red-ui-flow-node-group',
  cover: '#red-ui-loading-progress',
  ground: 'wheel',
  wheel: { key: 'Control', delta: 5 },
  opensNear: true,
  async field(page) {
    const { x, y } = await middleCard(page, nodeRed.card)
    await page.mouse.dblclick(x, y)
    await page.locator('#node-input-name').waitFor()
    await page.waitForTimeout(rest)
    return '#node-input-name'
  },
}

const counts = [100, 300, 1_000, 3_000]
const rest = 2_500

/** Opening, dragging, zooming and typing in a real browser, beside the same graph in plain React Flow and in Node-RED. */
export async function benchCanvas(only?: string): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-canvas-'))
  const withNodeRed = installNodeRed()
  const browser = await chromium.launch({
    executablePath: findBrowser() ?? undefined,
    chromiumSandbox: sandboxed,
    args: quietSwitches,
  })
  const plain = await servePlainFlow(folder)
  console.log(
    'Shares of frames over 25 / over 40 ms. Every card shows a result. Ratios of frames are those of processor time.\n',
  )
  console.log('| nodes | | open | far: drag | zoom | near: drag | pan | a key, median ms |')
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- |')
  try {
    for (const count of only ? [Number(only)] : counts) {
      const document = manyNodes(count)
      const ours = await measureOurs(browser, folder, document)
      console.log(row(String(count), 'Plumbline', ours))
      beside('React Flow', ours, await measurePlain(browser, plain, document))
      if (withNodeRed) beside('Node-RED', ours, await measureNodeRed(browser, folder, document))
      else console.log('| | Node-RED: peer absent | | | | | | |')
    }
  } finally {
    plain.close()
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOurs(browser: Browser, folder: string, document: PipelineDocument): Promise<Measured> {
  const file = path.join(folder, `${document.name}.plumb.json`)
  writeFileSync(file, printDocument(document))
  const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
  execFileSync(process.execPath, [bin, 'run', file], { stdio: 'ignore' })
  const app = await startApp([file])
  try {
    return await measure(browser, app.address, plumbline)
  } finally {
    await app.stop()
  }
}

const measurePlain = (browser: Browser, plain: PlainFlow, document: PipelineDocument) =>
  measure(browser, plain.address(document), reactFlow)

async function measureNodeRed(browser: Browser, folder: string, document: PipelineDocument): Promise<Measured> {
  const program = await startNodeRed(folder, document)
  try {
    return await measure(browser, program.address, nodeRed)
  } finally {
    await program.close()
  }
}

async function measure(browser: Browser, address: string, tool: Tool): Promise<Measured> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  const cpu = await mainThreadClock(page)
  const act = async (work: () => Promise<Frames>): Promise<Act> => {
    const before = await cpu()
    const frames = await work()
    return { frames, cpuMs: (await cpu()) - before }
  }
  try {
    const started = performance.now()
    await page.goto(address)
    await untilDrawn(page, tool.card, tool.cover)
    const openMs = performance.now() - started
    const openCpuMs = await cpu()
    await page.waitForTimeout(rest)
    if (tool.opensNear) await turnWheel(page, 'out', 2 * zoomTurns, tool.wheel)
    const farDrag = await act(() => dragFrames(page, tool.card))
    const zoom = await act(() => zoomFrames(page, tool.wheel))
    await turnWheel(page, 'in', zoomTurns, tool.wheel)
    await page.waitForTimeout(rest)
    const nearDrag = await act(() => dragFrames(page, tool.card))
    const nearPan = await act(() => panFrames(page, tool.ground))
    const typing = tool.field && (await typingDelays(page, await tool.field(page), 'approved'))
    return { openMs, openCpuMs, farDrag, zoom, nearDrag, nearPan, ...(typing && { typing }) }
  } finally {
    await page.close()
  }
}

const acts = ['farDrag', 'zoom', 'nearDrag', 'nearPan'] as const

function beside(who: string, ours: Measured, theirs: Measured): void {
  console.log(row('', who, theirs))
  const ratio = (a: number, b: number) => (a / b).toFixed(2)
  const times = acts.map((name) => ratio(ours[name].cpuMs, theirs[name].cpuMs))
  const keys = ours.typing && theirs.typing ? ratio(median([...ours.typing]), median([...theirs.typing])) : ''
  const opens = `${ratio(ours.openMs, theirs.openMs)}, CPU ${ratio(ours.openCpuMs, theirs.openCpuMs)}`
  console.log(`| | ours / theirs: CPU | ${opens} | ${times.join(' | ')} | ${keys} |`)
}

function row(count: string, who: string, measured: Measured): string {
  const share = (frames: Frames) =>
    [25, 40]
      .map((limit) => (100 * shareOver(frames, limit)).toFixed(0))
      .join(' / ')
      .concat(' %')
  const { openMs, openCpuMs, typing } = measured
  const cells = acts.map((name) => share(measured[name].frames))
  const key = typing ? median([...typing]).toFixed(0) : ''
  const open = `${(openMs / 1000).toFixed(1)} s, CPU ${(openCpuMs / 1000).toFixed(2)} s`
  return `| ${count} | ${who} | ${open} | ${cells.join(' | ')} | ${key} |`
}
