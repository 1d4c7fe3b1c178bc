/** `npm run bench -- serving`: this server beside FastAPI with onnxruntime and `mlflow models serve`, same model, rows and load. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Hash, Model } from '#contract'
import { catalogue } from '#nodes'
import { testingRegistry } from '#serve/testing-registry'
import { openContentFiles } from '#store/content-files'
import { artifactsFolder } from '#store/open-store'
import { median } from '../measure-command.ts'
import type { LoadResult } from './load.ts'

const root = path.resolve(import.meta.dirname, '../..')
const python = path.join(root, 'bench/parity/.venv-serving/bin/python')
const seconds = 6
const rounds = 3
const connections = 8

interface Contestant {
  readonly title: string
  readonly path: string
  start(port: number): ChildProcess
  body(row: object): string
}
interface Figures extends LoadResult {
  readonly cpuMs: number
}

export async function benchServing(): Promise<void> {
  const registry = await testingRegistry(catalogue)
  try {
    const run = await registry.deploy(1, { rule: 'debt_ratio <= 0.3' })
    const output = (node: string, port: string) => run.steps.find((step) => step.node === node)!.outputs[port]!.hash
    const model = (await registry.engine.value({ hash: output('linear', 'model') as Hash })) as unknown as Model
    const files = openContentFiles(artifactsFolder(registry.project))
    copyFileSync(files.path(model.onnx), path.join(registry.project, 'model.onnx'))
    writeFileSync(path.join(registry.project, 'model.json'), JSON.stringify(model))
    const page = await registry.engine.rows({ table: output('split', 'table'), offset: 0, limit: 200 })
    const names = new Set(model.features.map(({ name }) => name))
    const rows = page.rows.map((cells) =>
      Object.fromEntries(
        cells.map((cell, at) => [page.columns[at]!.name, cell] as const).filter(([name]) => names.has(name)),
      ),
    )
    await compare(registry.project, rows)
  } finally {
    await registry.close()
  }
}

function contestants(folder: string): readonly Contestant[] {
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'], cwd: folder }
  const plumbline = path.join(root, 'bin/plumbline.mjs')
  const rowsBody = (row: object) => JSON.stringify({ rows: [row] })
  const own: Contestant = {
    title: 'Plumbline, with schema check and log',
    path: '/v1/predict',
    start: (port) =>
      spawn(process.execPath, [plumbline, 'serve', 'loans', '--port', String(port), '--project', folder], quiet),
    body: rowsBody,
  }
  if (!existsSync(python)) return [own]
  const peer = (file: string) => path.join(import.meta.dirname, file)
  const fastapi: Contestant = {
    title: 'FastAPI + onnxruntime',
    path: '/v1/predict',
    start: (port) => spawn(python, [peer('fastapi_peer.py'), folder, String(port)], quiet),
    body: rowsBody,
  }
  const target = path.join(folder, 'mlflow-model')
  const saved = spawnSync(python, [peer('mlflow_peer.py'), folder, target], { cwd: folder, stdio: 'ignore' })
  if (saved.status !== 0) return [own, fastapi]
  const mlflow: Contestant = {
    title: 'mlflow models serve',
    path: '/invocations',
    start: (port) =>
      spawn(
        python,
        ['-m', 'mlflow', 'models', 'serve', '-m', target, '--env-manager', 'local', '--port', String(port)],
        {
          ...quiet,
          stdio: 'ignore',
          env: { ...process.env, PATH: `${path.dirname(python)}${path.delimiter}${process.env.PATH}` },
        },
      ),
    body: (row) => JSON.stringify({ dataframe_records: [row] }),
  }
  return [own, fastapi, mlflow]
}

async function compare(folder: string, rows: readonly object[]): Promise<void> {
  const all = contestants(folder)
  const results = new Map<string, Figures[]>()
  for (let round = 0; round < rounds; round++)
    for (const [place, contestant] of all.entries()) {
      const figures = await measure(contestant, 8_700 + place, rows)
      if (figures) results.set(contestant.title, [...(results.get(contestant.title) ?? []), figures])
    }
  console.log(
    `One row a request, ${connections} connections, ${seconds} s, median of ${rounds} rounds in turn; load from the same machine.\n`,
  )
  console.log('| server | requests/s | CPU a request | p50 | p99 | failed | requests/s, Plumbline over it |')
  console.log('| --- | ---: | ---: | ---: | ---: | ---: | ---: |')
  const rate = (of: readonly Figures[]) => median(of.map((one) => one.requests / one.seconds))
  const own = rate(results.get(all[0]!.title)!)
  for (const title of ['Plumbline, with schema check and log', 'FastAPI + onnxruntime', 'mlflow models serve']) {
    const of = results.get(title)
    if (!of) {
      console.log(`| ${title} | peer absent: npm run parity installs its group, or it did not start | | | | | |`)
      continue
    }
    const mid = (pick: (one: Figures) => number) => median(of.map(pick))
    const cells = [
      rate(of).toFixed(0),
      `${mid((one) => one.cpuMs / one.requests).toFixed(3)} ms`,
      `${mid((one) => one.p50Ms).toFixed(2)} ms`,
      `${mid((one) => one.p99Ms).toFixed(2)} ms`,
      String(of.reduce((sum, one) => sum + one.failed, 0)),
      (own / rate(of)).toFixed(2),
    ]
    console.log(`| ${title} | ${cells.join(' | ')} |`)
  }
}

/** Undefined when the server did not come up. */
async function measure(contestant: Contestant, port: number, rows: readonly object[]): Promise<Figures | undefined> {
  const server = contestant.start(port)
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const origin = `http://127.0.0.1:${port}`
  try {
    const bodies = rows.map((row) => contestant.body(row))
    if (!(await answers(`${origin}${contestant.path}`, bodies[0]!))) return undefined
    await load(origin, contestant.path, 2, bodies)
    const before = cpuMs(server.pid!)
    const result = await load(origin, contestant.path, seconds, bodies)
    return { ...result, cpuMs: cpuMs(server.pid!) - before }
  } finally {
    for (const pid of family(server.pid!).toReversed()) kill(pid)
    await ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // it ended by itself
  }
}

async function answers(address: string, body: string): Promise<boolean> {
  for (let tries = 0; tries < 300; tries++) {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(address, { method: 'POST', headers, body }).catch(() => undefined)
    await answer?.arrayBuffer()
    if (answer?.status === 200) return true
    await pause(100)
  }
  return false
}

function load(origin: string, where: string, forSeconds: number, bodies: readonly string[]): Promise<LoadResult> {
  return new Promise((resolve, reject) => {
    const words = [path.join(import.meta.dirname, 'load.ts'), origin, where, String(connections), String(forSeconds)]
    const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    let text = ''
    child.stdout.on('data', (chunk) => {
      text += chunk
    })
    child.once('close', (code) =>
      code === 0 ? resolve(JSON.parse(text) as LoadResult) : reject(new Error(`load: ${code}`)),
    )
    child.stdin.end(JSON.stringify(bodies))
  })
}

const ticksPerSecond = 100

/** User and system time of a process and all below it. Linux only. */
function cpuMs(root: number): number {
  return family(root).reduce((sum, pid) => sum + ticksOf(pid), 0) * (1_000 / ticksPerSecond)
}

const statOf = (pid: number | string) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
  return text.slice(text.lastIndexOf(')') + 2).split(' ')
}
const ticksOf = (pid: number) => Number(statOf(pid)[11]) + Number(statOf(pid)[12])

function family(root: number): readonly number[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc').filter((one) => /^\d+$/.test(one)))
    try {
      parents.set(Number(name), Number(statOf(name)[1]))
    } catch {
      // the process ended between listing and reading
    }
  const members = [root]
  for (const member of members) for (const [pid, parent] of parents) if (parent === member) members.push(pid)
  return members.filter((pid) => parents.has(pid))
}
