import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { type Measured, measureCommand, median } from '../measure-command.ts'

const root = path.resolve(import.meta.dirname, '../..')
const node = [process.execPath, path.join(root, 'bin/plumbline.mjs')]
const rounds = 5

function python(): string {
  const binary = path.join(root, 'bench/parity/.venv-core/bin/python')
  if (!existsSync(binary))
    throw new Error('The Python peers are missing: run "npm run parity" once, which installs them.')
  return binary
}

/** A project of its own, so that the clone's cache is neither used nor touched. */
function freshProject(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  for (const file of ['plumbline.json', 'loan-approval.plumb.json', 'loans.csv'])
    cpSync(path.join(root, 'examples', file), path.join(folder, file))
  return folder
}

/** A chain of `count` one-row steps: what a re-run costs when nothing has changed. */
function chainDocument(count: number): string {
  const nodes: Record<string, unknown> = {
    source: { type: 'data/example', version: 1, params: { set: 'loans', rows: 100 } },
  }
  const edges = []
  for (let step = 1; step < count; step++) {
    nodes[`split-${step}`] = { type: 'data/split', version: 1, params: {} }
    edges.push({ from: step === 1 ? 'source.table' : 'split-1.table', to: `split-${step}.table` })
  }
  return JSON.stringify({ format: 1, name: 'Chain', nodes, edges })
}

const figures = (runs: readonly Measured[]) => ({
  wall: median(runs.map((run) => run.wallMs)),
  cpu: median(runs.map((run) => run.cpuMs)),
  peak: median(runs.map((run) => run.peakBytes)),
})

function row(label: string, runs: readonly Measured[], against?: readonly Measured[]): string {
  const own = figures(runs)
  const cells = [`${own.wall.toFixed(0)} ms`, `${own.cpu.toFixed(0)} ms`, `${(own.peak / 2 ** 20).toFixed(0)} MB`]
  if (against) {
    const peer = figures(against)
    cells.push((own.wall / peer.wall).toFixed(2), (own.cpu / peer.cpu).toFixed(2), (own.peak / peer.peak).toFixed(2))
  }
  return `| ${label} | ${cells.join(' | ')} |`
}

async function ownRun(folder: string, file: string): Promise<Measured> {
  const run = await measureCommand([...node, 'run', path.join(folder, file)], folder)
  if (run.code !== 0 && run.code !== 3) throw new Error(`The pipeline ended with ${run.code}:\n${run.output}`)
  return run
}

async function againstPython(): Promise<void> {
  const peerCommand = [python(), path.join(root, 'bench/pipeline/peer.py'), path.join(root, 'examples/loans.csv')]
  const cold: Measured[] = []
  const cached: Measured[] = []
  const peer: Measured[] = []
  await measureCommand(peerCommand, root)
  for (let round = 0; round < rounds; round++) {
    const folder = freshProject()
    cold.push(await ownRun(folder, 'loan-approval.plumb.json'))
    peer.push(await measureCommand(peerCommand, root))
    cached.push(await ownRun(folder, 'loan-approval.plumb.json'))
    rmSync(folder, { recursive: true, force: true })
  }
  console.log(`\nThe loan example, ${rounds} alternating rounds, medians; ratios are ours / Python\n`)
  console.log(
    '| | wall | CPU | peak memory | wall ratio | CPU ratio | memory ratio |\n| --- | --- | --- | --- | --- | --- | --- |',
  )
  console.log(row('Python script', peer))
  console.log(row('Plumbline, cold', cold, peer))
  console.log(row('Plumbline, cached', cached, peer))
}

async function noOp(): Promise<void> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  mkdirSync(path.join(folder, '.plumbline'), { recursive: true })
  console.log('\nRe-run with nothing to do, CPU beyond the start-up of the command line\n')
  console.log('| nodes | CPU beyond start-up |\n| --- | --- |')
  for (const count of [10, 1000]) {
    const file = `chain-${count}.plumb.json`
    writeFileSync(path.join(folder, file), chainDocument(count))
    writeFileSync(path.join(folder, 'chain-1.plumb.json'), chainDocument(1))
    await ownRun(folder, file)
    await ownRun(folder, 'chain-1.plumb.json')
    const differences: number[] = []
    for (let round = 0; round < rounds; round++) {
      const [full, start] = [await ownRun(folder, file), await ownRun(folder, 'chain-1.plumb.json')]
      differences.push(full.cpuMs - start.cpuMs)
    }
    console.log(`| ${count} | ${median(differences).toFixed(0)} ms |`)
  }
  rmSync(folder, { recursive: true, force: true })
}

export async function benchPipeline(): Promise<void> {
  await againstPython()
  await noOp()
}
