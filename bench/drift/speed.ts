/**
 * node scripts/tool.mjs bench/drift/speed.ts: CPU time a point of the drift detectors and of river's on errors with
 * a rate of 0.2: five alternating rounds, medians, each of ours in a process of its own. Needs river, which `npm run parity -- ml_drift` installs.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import type { DriftDetector } from '#ml/drift/detector'
import { streamDetectors } from '#ml/drift/detector-from-json'
import { recommendedOptions } from '#ml/drift/recommended-detector'
import { createRandom } from '#ml/random/random'
import { median } from '../measure-command.ts'

const points = 100_000
const passes = 30
const rounds = 5
const root = path.resolve(import.meta.dirname, '../..')
const python = path.join(root, 'bench/parity/.venv-drift/bin/python')

const random = createRandom(1)
const errors = Uint8Array.from({ length: points }, () => (random.uniform() < 0.2 ? 1 : 0))

function pass(detector: DriftDetector): void {
  for (let point = 0; point < points; point++) detector.update(errors[point]!)
}

/** CPU nanoseconds a point, after a warm-up. */
function own(kind: string, options?: Readonly<Record<string, unknown>>): number {
  const detector = new streamDetectors[kind]!(options)
  for (let warm = 0; warm < 5; warm++) pass(detector)
  const before = process.cpuUsage()
  for (let round = 0; round < passes; round++) pass(detector)
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / (passes * points)
}

function ownProcess(contestant: string): number {
  const tool = path.join(root, 'scripts/tool.mjs')
  const { stdout, stderr, status } = spawnSync(process.execPath, [tool, import.meta.filename, contestant])
  if (status !== 0) throw new Error(String(stderr))
  return Number(stdout)
}

function peers(file: string): Readonly<Record<string, number>> {
  const { stdout, stderr, status } = spawnSync(python, [path.join(import.meta.dirname, 'peer.py'), file])
  if (status !== 0) throw new Error(String(stderr))
  return JSON.parse(String(stdout)) as Record<string, number>
}

function main(): void {
  if (!existsSync(python))
    throw new Error('River is missing: run "npm run parity -- ml_drift" once, which installs it.')
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-bench-'))
  try {
    const file = path.join(folder, 'bits.txt')
    writeFileSync(file, Array.from(errors.subarray(0, 50_000)).join(''))
    const kinds = Object.keys(streamDetectors)
    const runs = Array.from({ length: rounds }, () => ({
      peer: peers(file),
      own: Object.fromEntries([...kinds, 'recommended'].map((kind) => [kind, ownProcess(kind)])),
    }))
    console.log('| detector | ours, ns | river, ns | ours / river |\n| --- | --- | --- | --- |')
    for (const kind of kinds) {
      const ours = median(runs.map((run) => run.own[kind]!))
      const theirs = median(runs.map((run) => run.peer[kind]!))
      console.log(`| ${kind} | ${ours.toFixed(0)} | ${theirs.toFixed(0)} | 1 / ${(theirs / ours).toFixed(0)} |`)
    }
    console.log(`| recommended | ${median(runs.map((run) => run.own['recommended']!)).toFixed(0)} | | |`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const contestant = process.argv[2]
if (!contestant) main()
else console.log(contestant === 'recommended' ? own('adwin', recommendedOptions) : own(contestant))
