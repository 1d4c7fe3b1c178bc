// Finds a Chromium, Chrome or Edge, for the app's window and for the tests.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
]
const macApps = ['Google Chrome', 'Chromium', 'Microsoft Edge']
const windowsPrograms = ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe']

/**
 * Path of a browser: `APP_BROWSER`, else the first that this machine has, else null.
 * @returns {string | null}
 */
export function findBrowser() {
  const chosen = process.env.APP_BROWSER
  if (chosen) return existsSync(chosen) ? chosen : null
  return candidates().find((file) => existsSync(file)) ?? null
}

function candidates() {
  if (process.platform === 'darwin')
    return ['', process.env.HOME ?? ''].flatMap((home) =>
      macApps.map((name) => `${home}/Applications/${name}.app/Contents/MacOS/${name}`),
    )
  if (process.platform === 'win32') {
    const folders = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
    return folders.flatMap((folder) => (folder ? windowsPrograms.map((program) => path.join(folder, program)) : []))
  }
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter(Boolean)
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name)))
}

/**
 * A browser for the tests; as root on a machine with apt it is installed where it is missing.
 * @returns {{ file: string } | { reason: string }}
 */
export function ensureBrowser() {
  const found = findBrowser()
  if (found) return { file: found }
  if (process.env.APP_BROWSER) return { reason: `APP_BROWSER names ${process.env.APP_BROWSER}, which is not there` }
  if (process.platform !== 'linux' || process.getuid?.() !== 0)
    return { reason: 'no Chromium, Chrome or Edge is installed (APP_BROWSER may name one)' }
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0)
    return { reason: 'no browser is installed and this machine has no apt-get' }
  console.log('Installing Chromium with apt-get (about a minute) …')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const apt = (/** @type {string[]} */ ...parameters) =>
    spawnSync('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=60', ...parameters], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: environment,
      timeout: 300_000,
    })
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'chromium')
  const installed = findBrowser()
  return installed ? { file: installed } : { reason: 'apt-get could not install Chromium' }
}

/** Chromium refuses its own sandbox to root. */
export const sandboxed = process.getuid?.() !== 0

/** Switches of every browser we start: no first-run pages, no background traffic, no small shared memory. */
export const quietSwitches = [
  '--disable-dev-shm-usage',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
