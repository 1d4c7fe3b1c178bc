/**
 * npm run parity [-- NAME …]: recomputes the goldens of `golden/` with the reference implementations and compares them
 * with the committed ones. Every `NAME.py` here takes a folder and writes `golden` files into it; a first-line comment
 * `# group: GROUP` (else core) names its environment `.venv-GROUP`, made from `GROUP.txt` when missing. A `NAME.ts`
 * beside it runs first with the same folder and lays out what the script needs of ours. A script that ends with 77 says
 * that its peer can't be had from Python's package index and isn't installed: it is skipped. With --write the committed
 * goldens are replaced.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { compareGoldens } from './compare-goldens.ts'

const folder = import.meta.dirname
const golden = path.join(folder, 'golden')

/** The script's environment: `# group: NAME` in its first line, else core. */
export const groupOf = (source: string) => /^#\s*group:\s*([a-z][a-z0-9-]*)/.exec(source)?.[1] ?? 'core'

const peerAbsent = 77

function exitOf(command: string, args: readonly string[]): number | null {
  const { status, error } = spawnSync(command, args, { stdio: 'inherit', cwd: folder })
  if (error) console.log(`${command}: ${error.message}`)
  return status
}

const run = (command: string, args: readonly string[]) => exitOf(command, args) === 0

/** The Python of a group, installed when missing; undefined where that failed. */
export function pythonOf(group: string): string | undefined {
  const environment = path.join(folder, `.venv-${group}`)
  const windows = process.platform === 'win32'
  const python = path.join(environment, ...(windows ? ['Scripts', 'python.exe'] : ['bin', 'python']))
  const ready = path.join(environment, 'ready')
  const wanted = readFileSync(path.join(folder, `${group}.txt`), 'utf8')
  if (existsSync(python) && existsSync(ready) && readFileSync(ready, 'utf8') === wanted) return python
  console.log(`Installing ${group}.txt into ${path.basename(environment)}`)
  const made = run(windows ? 'python' : 'python3', ['-m', 'venv', environment])
  if (!made || !run(python, ['-m', 'pip', 'install', '--quiet', '-r', `${group}.txt`])) return undefined
  writeFileSync(ready, wanted)
  return python
}

/** Differences of one golden, at most ten told. */
function judge(name: string, fresh: string, write: boolean): readonly string[] {
  const target = path.join(golden, name)
  const text = readFileSync(fresh, 'utf8')
  const committed = existsSync(target) ? readFileSync(target, 'utf8') : undefined
  if (write) writeFileSync(target, text)
  if (committed === undefined) return write ? [] : ['is not committed']
  return write ? [] : compareGoldens(JSON.parse(committed), JSON.parse(text)).slice(0, 10)
}

type Counts = Readonly<Record<'passed' | 'failed' | 'skipped', number>>

function checkScript(script: string, write: boolean): Counts {
  const python = pythonOf(groupOf(readFileSync(path.join(folder, script), 'utf8')))
  const out = mkdtempSync(path.join(tmpdir(), 'parity-'))
  try {
    const ours = script.replace(/\.py$/, '.ts')
    const laidOut = !existsSync(path.join(folder, ours)) || run(process.execPath, [path.join(folder, ours), out])
    const exit = python && laidOut ? exitOf(python, [script, out]) : null
    if (exit === peerAbsent) {
      console.log(`skipped ${script}: its peer is not installed`)
      return { passed: 0, failed: 0, skipped: 1 }
    }
    if (exit !== 0) {
      console.log(`failed  ${script}: it did not run`)
      return { passed: 0, failed: 1, skipped: 0 }
    }
    const names = readdirSync(out)
      .filter((name) => name.endsWith('.json'))
      .sort()
    const judged = names.map((name) => ({ name, differences: judge(name, path.join(out, name), write) }))
    for (const { name, differences } of judged) {
      console.log(`${differences.length === 0 ? 'passed' : 'failed'}  ${script} ${name}`)
      for (const difference of differences) console.log(`        ${difference}`)
    }
    const failed = judged.filter(({ differences }) => differences.length > 0).length
    return { passed: judged.length - failed, failed: failed + (names.length === 0 ? 1 : 0), skipped: 0 }
  } finally {
    rmSync(out, { recursive: true, force: true })
  }
}

function main(args: readonly string[]): void {
  const names = args.filter((argument) => !argument.startsWith('--'))
  const scripts = globSync('*.py', { cwd: folder })
    .sort()
    .filter((script) => names.length === 0 || names.includes(path.basename(script, '.py')))
  mkdirSync(golden, { recursive: true })
  const results = scripts.map((script) => checkScript(script, args.includes('--write')))
  const sum = (key: keyof Counts) => results.reduce((total, result) => total + result[key], 0)
  console.log(`${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  if (sum('failed') > 0 || scripts.length === 0) process.exitCode = 1
}

if (process.argv[1] && path.resolve(process.argv[1]) === import.meta.filename) main(process.argv.slice(2))
