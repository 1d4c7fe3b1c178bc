import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median } from '../measure-command.ts'
import { againstPython, ownRun, python, rounds } from './against-python.ts'

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
  await againstPython('The loan example', 'loan-approval.plumb.json', [
    python(),
    'bench/pipeline/peer.py',
    'examples/loans.csv',
  ])
  await noOp()
}
