import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'

export interface Measured {
  readonly wallMs: number
  readonly cpuMs: number
  /** Highest memory of the whole process tree, pages that processes share counted once; 0 where it was not asked for. */
  readonly peakBytes: number
  readonly code: number
  readonly output: string
}

interface Process {
  readonly pid: number
  readonly parent: number
  readonly name: string
}

/** `/proc` counts processor time in hundredths of a second. */
const millisecondsPerTick = 10
const everyMs = 50

/** Undefined once the process has ended. */
function readProcess(pid: number | string, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}

function processes(): Process[] {
  const found: Process[] = []
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) && readProcess(name, 'stat')
    if (!stat) continue
    const end = stat.lastIndexOf(')')
    found.push({
      pid: Number(name),
      parent: Number(stat.slice(end + 4).split(' ', 1)[0]),
      name: stat.slice(stat.indexOf('(') + 1, end),
    })
  }
  return found
}

/** The root and all that it started, now. */
export function treeOf(root: number): readonly Process[] {
  const all = processes()
  const members = new Set([root])
  for (let grew = true; grew; ) {
    grew = false
    for (const { pid, parent } of all) {
      if (members.has(pid) || !members.has(parent)) continue
      members.add(pid)
      grew = true
    }
  }
  return all.filter(({ pid }) => members.has(pid))
}

/** Resident memory of a process; what it shares with others as its share. */
export function memoryOf(pid: number): number {
  return Number(/^Pss:\s+(\d+)/m.exec(readProcess(pid, 'smaps_rollup') ?? '')?.[1] ?? 0) * 1024
}

/** Milliseconds of user and system time of one process, without its children; undefined once it has ended. */
function ownCpu(pid: number): number | undefined {
  const stat = readProcess(pid, 'stat')
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields && (Number(fields[11]) + Number(fields[12])) * millisecondsPerTick
}

/** Milliseconds of the last two lines of the shell's `times`: user and system, the shell's own and its children's. */
function cpuOf(times: string): number {
  let total = 0
  for (const [, minutes, seconds] of times.matchAll(/(\d+)m([\d.]+)s/g))
    total += Number(minutes) * 60_000 + Number(seconds) * 1000
  return total
}

/**
 * Runs a command to its end and says what it cost, children included. Linux only. Looking at memory takes a third of a
 * core, so times are those of runs without.
 */
export function measureCommand(command: readonly string[], folder: string, { memory = false } = {}): Promise<Measured> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const quoted = command.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ')
    const shell = spawn('bash', ['-c', `${quoted}; code=$?; times >&3; exit $code`], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
    })
    let output = ''
    let times = ''
    let peakBytes = 0
    shell.stdout?.on('data', (data) => (output += String(data)))
    shell.stdio[3]?.on('data', (data) => (times += String(data)))
    const cpuByProcess = new Map<number, number>()
    const sampler = setInterval(() => {
      const tree = treeOf(shell.pid ?? 0)
      if (memory)
        peakBytes = Math.max(
          peakBytes,
          tree.reduce((sum, { pid }) => sum + memoryOf(pid), 0),
        )
      for (const { pid } of tree) {
        const cpu = ownCpu(pid)
        if (cpu !== undefined) cpuByProcess.set(pid, cpu)
      }
    }, everyMs)
    shell.on('error', reject)
    shell.on('close', (code) => {
      clearInterval(sampler)
      // the shell's times leave out workers that outlive the command for a moment, the samples the last moment of each
      const sampledMs = [...cpuByProcess.values()].reduce((sum, ms) => sum + ms, 0)
      const cpuMs = Math.max(cpuOf(times), sampledMs)
      resolve({ wallMs: performance.now() - started, cpuMs, peakBytes, code: code ?? -1, output })
    })
  })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}
