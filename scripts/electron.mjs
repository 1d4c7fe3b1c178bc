// Finds Electron's binary without starting its download, and tries that download once where it is wanted.
import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const downloadMs = 20_000

/**
 * Path of the binary, or null. `require('electron')` would start the download.
 * @param {string} root
 */
export function findElectron(root) {
  const folder = path.join(root, 'node_modules', 'electron')
  const program = read(path.join(folder, 'path.txt'))
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const file = override
    ? path.join(override, program ?? platformProgram())
    : program && path.join(folder, 'dist', program)
  return file && existsSync(file) ? file : null
}

/**
 * The binary after at most one bounded download; a refusal is remembered until the packages are installed anew.
 * @param {string} root
 * @param {{ again?: boolean }} [options] `again` forgets an earlier refusal and waits ten minutes
 * @returns {Promise<string | null>}
 */
export async function ensureElectron(root, { again = false } = {}) {
  const found = findElectron(root)
  const refusal = path.join(root, 'node_modules', '.plumbline-electron')
  const installer = path.join(root, 'node_modules', 'electron', 'install.js')
  if (found || !existsSync(installer) || (existsSync(refusal) && !again)) return found
  console.log('Fetching the desktop program (Electron, about 110 MB) …')
  const reason = await download(installer, again ? 600_000 : downloadMs)
  const file = findElectron(root)
  if (file) return file
  writeFileSync(refusal, `${new Date().toISOString()} ${reason}\n`)
  console.log(`It could not be had (${reason}). A browser window does the same; "npm start -- --electron" tries again.`)
  return null
}

/**
 * @param {string} installer
 * @param {number} limitMs
 * @returns {Promise<string>} why it ended
 */
function download(installer, limitMs) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [installer], { stdio: ['ignore', 'ignore', 'pipe'] })
    let words = ''
    child.stderr.on('data', (chunk) => {
      words = (words + chunk).slice(0, 2_000)
    })
    const limit = setTimeout(() => child.kill('SIGKILL'), limitMs)
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => {
      clearTimeout(limit)
      if (signal) return resolve(`no answer within ${limitMs / 1000} seconds`)
      resolve(code === 0 ? 'done' : (words.split('\n').find((line) => line.trim()) ?? `code ${code}`).trim())
    })
  })
}

function platformProgram() {
  if (process.platform === 'darwin') return 'Electron.app/Contents/MacOS/Electron'
  return process.platform === 'win32' ? 'electron.exe' : 'electron'
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
