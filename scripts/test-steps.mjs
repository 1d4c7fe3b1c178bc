// The steps of `npm test`, one after the other; every step runs even when an earlier one failed.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { ensureBrowser } from './browser.mjs'
import { ensureBuilt } from './build.mjs'
import { root } from './node24.mjs'
import { whenParentEnds } from './parent.mjs'
import { addCounts, checkCounts, countsLine, noCounts, playwrightCounts, vitestCounts } from './test-counts.mjs'

/** @typedef {import('./test-counts.mjs').Counts} Counts */

const { values, positionals: filters } = parseArgs({ allowPositionals: true, options: { only: { type: 'string' } } })
const steps = { check, unit, window: windowTests }
const chosen = values.only ? values.only.split(',') : Object.keys(steps)
const unknown = chosen.filter((name) => !(name in steps))
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}; the steps are ${Object.keys(steps).join(', ')}.`)
  process.exit(2)
}

const results = mkdtempSync(path.join(os.tmpdir(), 'plumbline-test-'))
/** @type {ReturnType<typeof spawn> | undefined} */
let current
const stop = () => {
  current?.kill('SIGTERM')
  rmSync(results, { recursive: true, force: true })
  process.exit(130)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
whenParentEnds(stop)

let total = noCounts
for (const name of /** @type {(keyof typeof steps)[]} */ (chosen)) total = addCounts(total, await steps[name]())
rmSync(results, { recursive: true, force: true })
console.log(`\n${countsLine(total)}`)
process.exit(total.failed > 0 ? 1 : 0)

async function check() {
  const commands = [
    ['types and rooms', 'tsc', '-b'],
    ['format, lint and imports', 'biome', 'check', '--error-on-warnings'],
    ['generated files', 'scripts/generate.ts', '--check'],
    ['unused code', 'knip', '--no-progress'],
  ]
  let counts = noCounts
  for (const [title, ...command] of commands)
    counts = addCounts(counts, checkCounts((await tool(String(title), command)) === 0))
  return counts
}

async function unit() {
  const file = path.join(results, 'unit.json')
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await tool('unit tests', ['vitest', 'run', ...reporters, ...filters])
  return read(file, vitestCounts, code)
}

async function windowTests() {
  const browser = ensureBrowser()
  if ('reason' in browser) {
    console.log(`\nThe window tests need a browser: ${browser.reason}.`)
    return process.env.CI ? { ...noCounts, failed: 1 } : { ...noCounts, skipped: 1 }
  }
  try {
    await ensureBuilt('client')
  } catch (error) {
    console.error(`The app could not be built: ${error instanceof Error ? error.message : error}`)
    return { ...noCounts, failed: 1 }
  }
  const file = path.join(results, 'window.json')
  const environment = { APP_BROWSER: browser.file, PLAYWRIGHT_JSON_OUTPUT_FILE: file }
  const code = await tool('window tests', ['playwright', 'test', ...filters], environment)
  return read(file, playwrightCounts, code)
}

/**
 * The counts in a report; a tool that failed without a failed test, or wrote no report, is one failure.
 * @param {string} file
 * @param {(report: never) => Counts} count
 * @param {number} code
 */
function read(file, count, code) {
  let counts = noCounts
  try {
    counts = count(/** @type {never} */ (JSON.parse(readFileSync(file, 'utf8'))))
  } catch {
    console.error('The report of the tests is missing.')
    code ||= 1
  }
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts
}

/**
 * @param {string} title
 * @param {string[]} command
 * @param {Record<string, string>} [environment]
 * @returns {Promise<number>}
 */
function tool(title, command, environment) {
  console.log(`\n── ${title}`)
  const startedAt = performance.now()
  return new Promise((resolve) => {
    current = spawn(process.execPath, [path.join(root, 'scripts', 'tool.mjs'), ...command], {
      cwd: root,
      stdio: 'inherit',
      env: { ...process.env, ...environment },
    })
    current.once('exit', (code, signal) => {
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1)
      console.log(`${code === 0 ? '✓' : '✕'} ${title}, ${seconds} s${signal ? ` (${signal})` : ''}`)
      resolve(code ?? 1)
    })
  })
}
