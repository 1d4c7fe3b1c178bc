import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { median } from '../measure-command.ts'
import { type Case, cases } from './cases.ts'
import { type Contestant, type Round, startContestant } from './contestant.ts'
import { peersApart, pythonOf } from './python-peers.ts'
import { writeData } from './write-data.ts'

const folder = import.meta.dirname
const rounds = 5

/** `only` narrows to cases whose `own` or peer contains it. */
export async function benchAlgorithms(only = ''): Promise<void> {
  const core = pythonOf('core')
  if (!core) throw new Error('The Python peers could not be installed: Python 3.11 and its package index are needed.')
  const apart = peersApart(core)
  process.env['PYTHONPATH'] = [apart, process.env['PYTHONPATH']].filter(Boolean).join(path.delimiter)
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  console.log(
    `Ours / peer, medians of ${rounds} alternating rounds after one to warm up; both processes live side by side, one works at a time.\n`,
  )
  console.log(
    '| work | peer | threads | CPU | wall | peak memory of the process | ours, CPU ms | goal (CPU) |\n| --- | --- | --- | --- | --- | --- | --- | --- |',
  )
  try {
    const data = dataFiles(temporary)
    for (const work of cases)
      if (`${work.own} ${work.peer ?? ''} ${work.peerName}`.includes(only)) console.log(await measure(work, data(work)))
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

/** The file with a case's data, written when first asked for. */
function dataFiles(temporary: string) {
  const written = new Set<string>()
  return ({ rows, features = 30 }: Case): string => {
    const file = path.join(temporary, `${rows}x${features}.f64`)
    if (!written.has(file)) writeData(file, rows, features)
    written.add(file)
    return file
  }
}

async function measure(work: Case, data: string): Promise<string> {
  const threads = work.threads ?? 1
  const told = [data, String(work.rows), String(threads)]
  const head = `| ${work.work} | ${work.peerName} | ${threads} |`
  const python = pythonOf(work.environment ?? 'core')
  const own = startContestant([process.execPath, path.join(folder, 'own.ts'), work.own, ...told])
  if (!(await own.ready())) throw new Error(`${work.own} could not begin`)
  const peer = python && startContestant([python, path.join(folder, 'peer.py'), work.peer ?? work.own, ...told])
  try {
    if (!peer || !(await peer.ready())) return `${head} peer absent | | | ${work.goal} |`
    const { ours, theirs } = await alternate(own, peer)
    const middle = (of: readonly Round[], field: keyof Round) => median(of.map((round) => round[field]))
    const ratio = (field: keyof Round) => roundedRatio(middle(ours, field) / middle(theirs, field))
    return `${head} ${ratio('cpu')} | ${ratio('wall')} | ${ratio('peak')} | ${middle(ours, 'cpu').toFixed(0)} | ${work.goal} |`
  } finally {
    own.end()
    if (peer) peer.end()
  }
}

const roundedRatio = (ratio: number) => (ratio < 0.1 ? ratio.toPrecision(1) : ratio.toFixed(2))

async function alternate(own: Contestant, peer: Contestant) {
  const ours: Round[] = []
  const theirs: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = [await own.round(), await peer.round()] as const
    if (round === 0) continue
    ours.push(pair[0])
    theirs.push(pair[1])
  }
  return { ours, theirs }
}
