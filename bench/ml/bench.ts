import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { createRandom } from '#ml/random/random'
import { median } from '../measure-command.ts'

const folder = import.meta.dirname
const rounds = 5

interface Round {
  readonly wall: number
  readonly cpu: number
  readonly peak: number
}
interface Case {
  readonly work: string
  readonly own: string
  readonly peer: string
  readonly peerName: string
  readonly rows: number
  readonly threads: number
  /** The ratio of CPU time to reach. */
  readonly goal: number
}

const cases: readonly Case[] = [
  {
    work: 'boosting 100 k x 30, 100 trees',
    own: 'boosting',
    peer: 'boosting',
    peerName: 'LightGBM',
    rows: 100_000,
    threads: 1,
    goal: 0.8,
  },
  {
    work: 'boosting 100 k x 30, 100 trees',
    own: 'boosting',
    peer: 'boosting',
    peerName: 'LightGBM',
    rows: 100_000,
    threads: 2,
    goal: 0.8,
  },
  {
    work: 'boosting 1 M x 30, 100 trees',
    own: 'boosting',
    peer: 'boosting',
    peerName: 'LightGBM',
    rows: 1_000_000,
    threads: 1,
    goal: 0.8,
  },
  {
    work: 'boosting 1 M x 30, 100 trees',
    own: 'boosting',
    peer: 'boosting',
    peerName: 'LightGBM',
    rows: 1_000_000,
    threads: 2,
    goal: 0.8,
  },
  {
    work: 'forest 100 k x 30, 100 trees',
    own: 'forest',
    peer: 'forest',
    peerName: 'scikit-learn',
    rows: 100_000,
    threads: 2,
    goal: 0.5,
  },
  {
    work: 'TreeSHAP path-dependent, 10 k rows',
    own: 'shap-path',
    peer: 'shap-path',
    peerName: 'LightGBM pred_contrib',
    rows: 100_000,
    threads: 1,
    goal: 0.1,
  },
  {
    work: 'TreeSHAP interventional, 1,000 x 100',
    own: 'shap-background-100',
    peer: 'shap-background-100',
    peerName: 'shap',
    rows: 100_000,
    threads: 1,
    goal: 0.5,
  },
]

function writeData(file: string, rows: number): void {
  const random = createRandom(3)
  const features = 30
  const table = new Float64Array((features + 1) * rows)
  for (let at = 0; at < features * rows; at++) table[at] = random.uniform() + random.uniform() + random.uniform()
  for (let row = 0; row < rows; row++) {
    const x = (f: number) => table[f * rows + row]!
    const margin = x(0) + x(1) * x(2) - x(3) + Math.sin(3 * x(4)) + 3 * random.uniform() - 3.2
    table[features * rows + row] = margin > 0 ? 1 : 0
  }
  writeFileSync(file, table)
}

/** A process that does its work once for each line it is sent. */
function starter(command: readonly string[]) {
  const child: ChildProcess = spawn(command[0]!, command.slice(1), {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, OMP_WAIT_POLICY: 'passive' },
  })
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]()
  return {
    ready: () => lines.next(),
    async round(): Promise<Round> {
      child.stdin!.write('\n')
      const { value, done } = await lines.next()
      if (done) throw new Error(`${command.join(' ')} ended early`)
      return JSON.parse(value) as Round
    },
    end: () => child.stdin!.end(),
  }
}

async function measure(work: Case, data: string, python: string): Promise<string> {
  const own = starter([
    process.execPath,
    path.join(folder, 'own.ts'),
    work.own,
    data,
    String(work.rows),
    String(work.threads),
  ])
  await own.ready()
  const peer = starter([
    python,
    path.join(folder, 'peers.py'),
    work.peer,
    data,
    String(work.rows),
    String(work.threads),
  ])
  await peer.ready()
  const ours: Round[] = []
  const theirs: Round[] = []
  for (let round = 0; round <= rounds; round++) {
    const pair = [await own.round(), await peer.round()] as const
    if (round === 0) continue
    ours.push(pair[0])
    theirs.push(pair[1])
  }
  own.end()
  peer.end()
  const ratio = (field: keyof Round) =>
    (median(ours.map((r) => r[field])) / median(theirs.map((r) => r[field]))).toFixed(2)
  return `| ${work.work} | ${work.peerName} | ${work.threads} | ${ratio('cpu')} | ${ratio('wall')} | ${ratio('peak')} | ${work.goal} |`
}

/** `only` narrows to cases whose name contains it. */
export async function benchAlgorithms(only = ''): Promise<void> {
  const python = path.resolve(folder, '../parity/.venv-core/bin/python')
  if (!existsSync(python))
    throw new Error('The Python peers are missing: run "npm run parity" once, which installs them.')
  const temporary = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  console.log(
    `Ours / peer, medians of ${rounds} alternating rounds after one to warm up; both processes live side by side, one works at a time.\n`,
  )
  console.log(
    '| work | peer | threads | CPU | wall | peak memory of the process | goal (CPU) |\n| --- | --- | --- | --- | --- | --- | --- |',
  )
  try {
    const written = new Map<number, string>()
    for (const work of cases) {
      if (!work.own.includes(only)) continue
      const data = written.get(work.rows) ?? path.join(temporary, `${work.rows}.f64`)
      if (!written.has(work.rows)) writeData(data, work.rows)
      written.set(work.rows, data)
      console.log(await measure(work, data, python))
    }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}
