/** What a fresh clone needs: a lock file that works from any registry and on any platform, and scripts that say what is missing. */
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { isInstalled, missingPackages } from '../scripts/install.mjs'

const root = path.resolve(import.meta.dirname, '..')
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

interface LockEntry {
  readonly version: string
  readonly resolved?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly optional?: boolean
  readonly optionalDependencies?: Readonly<Record<string, string>>
}
const lock = JSON.parse(read('package-lock.json')) as { packages: Record<string, LockEntry> }
const packages = Object.entries(lock.packages).filter(([name]) => name !== '')

describe('the lock file', () => {
  test('names no download address, and an integrity for every package', () => {
    expect(packages.length).toBeGreaterThan(300)
    for (const [name, entry] of packages) {
      expect(entry.resolved, name).toBeUndefined()
      expect(entry.integrity, name).toMatch(/^sha512-/)
    }
    expect(read('package-lock.json')).not.toContain('"resolved"')
  })

  test.each([
    ['@duckdb/node-bindings-', ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64', 'win32-arm64']],
    ['@rolldown/binding-', ['linux-x64-gnu', 'linux-arm64-gnu', 'darwin-arm64', 'darwin-x64', 'win32-x64-msvc']],
    ['@biomejs/cli-', ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64', 'win32-arm64']],
    ['@oxc-parser/binding-', ['linux-x64-gnu', 'linux-arm64-gnu', 'darwin-arm64', 'darwin-x64', 'win32-x64-msvc']],
    ['@typescript/typescript-', ['linux-x64', 'linux-arm64', 'darwin-arm64', 'darwin-x64', 'win32-x64']],
    ['lightningcss-', ['linux-x64-gnu', 'linux-arm64-gnu', 'darwin-arm64', 'darwin-x64', 'win32-x64-msvc']],
    ['node-', ['linux-x64', 'linux-arm64', 'win-x64']],
  ])('lists %s* for every platform', (prefix, platforms) => {
    for (const platform of platforms) {
      const entry = lock.packages[`node_modules/${prefix}${platform}`]
      expect(entry?.optional, prefix + platform).toBe(true)
    }
  })

  test('lists every optional package it names: npm ci stops at one that its registry has and the lock file has not', () => {
    const listed = (from: string, name: string): boolean => {
      if (lock.packages[path.posix.join(from, 'node_modules', name)]) return true
      if (from === '') return false
      return listed(from.includes('/node_modules/') ? from.slice(0, from.lastIndexOf('/node_modules/')) : '', name)
    }
    const absent = packages.flatMap(([from, entry]) =>
      Object.keys(entry.optionalDependencies ?? {}).filter((name) => !listed(from, name)),
    )
    expect(absent).toEqual([])
  })

  test('holds just what package.json asks for, in exact versions', () => {
    const wanted = JSON.parse(read('package.json')) as Record<string, Record<string, string>>
    for (const [name, version] of Object.entries({
      ...wanted.dependencies,
      ...wanted.devDependencies,
      ...wanted.optionalDependencies,
    })) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+(-[\w.]+)?$/)
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version)
    }
  })
})

test('packages run no scripts, and no script of ours hides in a pre or post hook', () => {
  const settings = read('.npmrc').trim().split('\n')
  expect(settings).toEqual(expect.arrayContaining(['ignore-scripts=true', 'save-exact=true']))
  expect(settings).toContain('omit-lockfile-registry-resolved=true')
  expect(read('.npmrc')).not.toMatch(/registry=|_auth/)
  const { scripts, private: closed } = JSON.parse(read('package.json')) as {
    scripts: Record<string, string>
    private: boolean
  }
  expect(closed).toBe(true)
  for (const name of Object.keys(scripts)) expect(name).not.toMatch(/^(pre|post)/)
  expect(scripts).toMatchObject({ start: 'node scripts/start.mjs', test: 'node scripts/test.mjs' })
})

test('what runs before the packages exist imports built-in modules alone', () => {
  for (const file of ['scripts/start.mjs', 'scripts/test.mjs', 'scripts/install.mjs', 'scripts/node24.mjs']) {
    const imported = [...read(file).matchAll(/^import .*?'([^']+)'$/gm)].map((match) => match[1]!)
    for (const name of imported) expect(name, file).toMatch(/^(node:|\.\/(install|parent)\.mjs$)/)
  }
})

test('continuous integration calls npm test', () => {
  const script = read('.ci/run')
  expect(script).toMatch(/^#!\/usr\/bin\/env bash\n/)
  expect(script).toMatch(/^npm test$/m)
})

describe('installing', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-setup-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const write = (file: string, content: unknown) => writeFileSync(path.join(folder, file), JSON.stringify(content))
  const entry = (version: string, more = {}) => ({ version, ...more })
  beforeEach(() => {
    rmSync(path.join(folder, 'node_modules'), { recursive: true, force: true })
    mkdirSync(path.join(folder, 'node_modules', 'one'), { recursive: true })
    write('package-lock.json', {
      packages: { '': {}, 'node_modules/one': entry('1.0.0'), 'node_modules/win': entry('2.0.0', { optional: true }) },
    })
    write('node_modules/.package-lock.json', { packages: { 'node_modules/one': entry('1.0.0') } })
  })

  test('isn’t done again when the packages are there', () => {
    expect(missingPackages(folder)).toEqual([])
    expect(isInstalled(folder)).toBe(true)
    rmSync(path.join(folder, 'node_modules', '.package-lock.json'))
    expect(isInstalled(folder)).toBe(true)
  })

  test('is done when a version changed, a folder is gone or nothing is there', () => {
    expect(isInstalled(folder)).toBe(true)
    write('package-lock.json', { packages: { 'node_modules/one': entry('1.0.1') } })
    expect(isInstalled(folder)).toBe(false)
    expect(missingPackages(folder)).toEqual(['node_modules/one'])
    write('package-lock.json', { packages: { 'node_modules/one': entry('1.0.0') } })
    rmSync(path.join(folder, 'node_modules', 'one'), { recursive: true })
    expect(isInstalled(folder)).toBe(false)
    rmSync(path.join(folder, 'node_modules'), { recursive: true })
    expect(isInstalled(folder)).toBe(false)
  })
})

describe('npm start', () => {
  const start = (parameters: string[], environment = {}) =>
    spawnSync(process.execPath, [path.join(root, 'scripts/open.mjs'), ...parameters], {
      encoding: 'utf8',
      timeout: 50_000,
      env: { ...process.env, ...environment },
    })

  test('says in a sentence that a file is not there, and which options it knows', () => {
    const absent = start(['--no-window', 'nowhere.plumb.json'])
    expect(absent).toMatchObject({ status: 2, stdout: '' })
    expect(absent.stderr).toMatch(/^There is no file .*nowhere\.plumb\.json\. Name a pipeline file/)
    const unknown = start(['--windowless'])
    expect(unknown.status).toBe(2)
    expect(unknown.stderr).toContain('--no-window')
    expect(unknown.stderr).not.toMatch(/\n\s+at /)
  })

  test('says in a sentence that npm can not install', () => {
    const clone = mkdtempSync(path.join(os.tmpdir(), 'plumbline-clone-'))
    cpSync(path.join(root, 'scripts'), path.join(clone, 'scripts'), { recursive: true })
    writeFileSync(path.join(clone, 'package-lock.json'), '{"packages":{"node_modules/one":{"version":"1.0.0"}}}')
    const result = spawnSync(process.execPath, [path.join(clone, 'scripts/start.mjs')], {
      encoding: 'utf8',
      env: { PATH: '' },
    })
    rmSync(clone, { recursive: true, force: true })
    expect(result.status).toBe(1)
    expect(result.stderr).toBe('npm could not be started. Install npm 10 or newer, then try again.\n')
  })
})
