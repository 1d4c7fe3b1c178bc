// Opens the app on a pipeline: in Electron, else over loopback in a browser's app window, else by printing the address.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { projectPath } from '../engine/run/project-paths.ts'
import { findProject } from '../engine/run/projects.ts'
import { findBrowser, quietSwitches, sandboxed } from './browser.mjs'
import { ensureBuilt, ensureProgram } from './build.mjs'
import { ensureElectron } from './electron.mjs'
import { root } from './node24.mjs'
import { whenParentEnds } from './parent.mjs'

const usage = `npm start [-- FILE] [-- --no-window]

Opens the app on FILE, a pipeline or a project folder (the loan example when none is named).

  --no-window     print the address and wait
  --browser       a browser window even where Electron is there
  --electron      fetch Electron if it is missing, however long that takes
  --project DIR   the project folder (default: the nearest one above FILE with a plumbline.json)`

const example = path.join(root, 'examples', 'loan-approval.plumb.json')
const started = process.env.INIT_CWD ?? process.cwd()
const options = readOptions()
const named = options.file === undefined ? undefined : path.resolve(started, options.file)
if (named && !existsSync(named))
  leave(`There is no file ${named}. Name a pipeline file that ends in .plumb.json, or a folder.`, 2)
const folder = options.project ? path.resolve(started, options.project) : named && isFolder(named) ? named : undefined
const file = named === undefined ? (folder ? undefined : example) : isFolder(named) ? undefined : named
const project = folder ?? findProject(file ?? example)
const present = file !== undefined && existsSync(file)
const display = process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

try {
  await ensureBuilt('client')
} catch (error) {
  leave(`The app could not be built: ${error instanceof Error ? error.message : error}`, 1)
}
// Steps start sooner from it; the sources do as well where it can't be made.
await ensureProgram().catch(() => false)
const electron = options.window && display && !options.browser ? await electronOrNull() : null
if (electron) openElectron(electron)
else await openLoopback()

async function electronOrNull() {
  const binary = await ensureElectron(root, { again: options.electron })
  if (!binary) return null
  try {
    await ensureBuilt('desktop')
    return binary
  } catch (error) {
    console.log(`The desktop host could not be built (${error instanceof Error ? error.message : error}).`)
    return null
  }
}

/** @param {string} binary */
function openElectron(binary) {
  const switches = sandboxed ? [] : ['--no-sandbox']
  const parameters = [...switches, root, `--project=${project}`, ...(present ? [file] : [])]
  const child = spawn(binary, parameters, { stdio: 'inherit' })
  child.once('error', (error) => leave(`Electron did not start: ${error.message}. Try "npm start -- --browser".`, 1))
  child.once('exit', (code) => process.exit(code ?? 0))
  onStop(() => child.kill())
}

async function openLoopback() {
  const { startLoopback } = await import('../engine/host/loopback.ts')
  const loopback = await startLoopback({
    renderer: path.join(root, 'dist', 'renderer'),
    project,
    file: present ? projectPath(project, file) : undefined,
  })
  const browser = options.window && display ? findBrowser() : null
  const window = browser ? openWindow(browser, loopback.newAddress()) : undefined
  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await Promise.all([window?.close(), loopback.close()])
    process.exit(0)
  }
  onStop(stop)
  if (window) return window.closed.then(stop)
  const reason = options.window && display ? 'No Chromium, Chrome or Edge was found here. ' : ''
  console.log(`${reason}Plumbline is at\n\n  ${loopback.newAddress()}\n`)
  console.log('Open it in a browser of this machine; an address opens one window. Ctrl+C stops.')
  if (!process.stdin.isTTY) return
  console.log('Enter gives another address.')
  const lines = createInterface({ input: process.stdin })
  lines.on('line', () => console.log(`  ${loopback.newAddress()}\n`))
  lines.on('SIGINT', stop)
}

/**
 * @param {string} browser
 * @param {string} address
 */
function openWindow(browser, address) {
  const profile = mkdtempSync(path.join(os.tmpdir(), 'plumbline-window-'))
  const switches = [...quietSwitches, ...(sandboxed ? [] : ['--no-sandbox'])]
  const child = spawn(browser, [`--app=${address}`, `--user-data-dir=${profile}`, ...switches], { stdio: 'ignore' })
  console.log('Plumbline is open in its own window; closing it ends Plumbline.')
  child.once('error', () => leave(`${browser} did not start. Try "npm start -- --no-window".`, 1))
  const closed = new Promise((resolve) => child.once('exit', resolve)).then(() =>
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }),
  )
  const close = () => {
    child.kill()
    return closed
  }
  return { closed, close }
}

function readOptions() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        'no-window': { type: 'boolean' },
        browser: { type: 'boolean' },
        electron: { type: 'boolean' },
        project: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    })
    if (values.help) leave(usage, 0)
    return { ...values, window: !values['no-window'], file: positionals[0] }
  } catch (error) {
    return leave(`${error instanceof Error ? error.message : error}\n\n${usage}`, 2)
  }
}

/** @param {string} place */
function isFolder(place) {
  return statSync(place).isDirectory()
}

/** @param {() => unknown} stop */
function onStop(stop) {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, stop)
  whenParentEnds(stop)
}

/**
 * @param {string} sentence
 * @param {number} code
 * @returns {never}
 */
function leave(sentence, code) {
  if (code === 0) console.log(sentence)
  else console.error(sentence)
  process.exit(code)
}
