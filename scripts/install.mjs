// Installs the packages of the lock file when they are not there. Built-in modules only: it runs before any package exists.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const oldestNode = 20

/**
 * Makes `node_modules` what the lock file says; ends the process with a sentence where that is not possible.
 * @param {string} [folder]
 */
export function ensureInstalled(folder = root) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode)
    stop(`Plumbline needs Node ${oldestNode} or newer; this is ${process.version}.`)
  if (isInstalled(folder)) return
  const release = takeTurn(folder)
  if (isInstalled(folder)) return release()
  console.log('Installing packages (about a minute, 800 MB) …')
  const result = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], folder)
  release()
  if (result.error) stop('npm could not be started. Install npm 10 or newer, then try again.')
  if (result.status !== 0)
    stop(
      `"npm ci" ended with code ${result.status ?? result.signal}; its own words are above. ` +
        'Check that this machine reaches its package registry, then try again.',
    )
  writeFileSync(stampFile(folder), stamp(folder))
}

/**
 * Two installations at once would tear at each other: the second waits for the first.
 * @param {string} folder
 * @returns {() => void} ends the turn
 */
function takeTurn(folder) {
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16)
  const turn = path.join(os.tmpdir(), `plumbline-install-${name}`)
  for (let told = false; ; told = true) {
    try {
      writeFileSync(turn, String(process.pid), { flag: 'wx' })
      return () => rmSync(turn, { force: true })
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') return () => {}
      if (!told) console.log('Waiting for another installation in this folder …')
      if (isAlive(Number(read(turn)))) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500)
      else rmSync(turn, { force: true })
    }
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}

/**
 * True when the stamp fits the lock file, or when someone else installed just these packages.
 * @param {string} folder
 */
export function isInstalled(folder) {
  if (read(stampFile(folder)) === stamp(folder)) return true
  if (missingPackages(folder).length > 0) return false
  writeFileSync(stampFile(folder), stamp(folder))
  return true
}

/**
 * Names of packages that the lock file lists for this platform and npm's own list of installed ones lacks.
 * @param {string} folder
 */
export function missingPackages(folder) {
  const wanted = packages(path.join(folder, 'package-lock.json'))
  const present = packages(path.join(folder, 'node_modules', '.package-lock.json'))
  return Object.entries(wanted)
    .filter(([name, entry]) => name.startsWith('node_modules/') && !entry.optional && !entry.peer)
    .filter(([name, entry]) => present[name]?.version !== entry.version || !existsSync(path.join(folder, name)))
    .map(([name]) => name)
}

/**
 * @param {string} file
 * @returns {Record<string, { version?: string, optional?: boolean, peer?: boolean }>}
 */
function packages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages ?? {}
  } catch {
    return {}
  }
}

/** @param {string} folder */
function stampFile(folder) {
  return path.join(folder, 'node_modules', '.plumbline-lock')
}

/** @param {string} folder */
function stamp(folder) {
  const lock = createHash('sha256')
    .update(read(path.join(folder, 'package-lock.json')))
    .digest('hex')
  return `${lock} ${process.platform}-${process.arch}\n`
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * @param {string[]} parameters
 * @param {string} folder
 */
function npm(parameters, folder) {
  const own = process.env.npm_execpath
  if (own?.endsWith('.js')) return spawnSync(process.execPath, [own, ...parameters], { cwd: folder, stdio: 'inherit' })
  return spawnSync('npm', parameters, { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' })
}

/** @param {string} sentence */
function stop(sentence) {
  console.error(sentence)
  process.exit(1)
}
