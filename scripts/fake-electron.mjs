// node scripts/fake-electron.mjs DIR: a stand-in for Electron's folder (a shell script that carries a fuse wire), so that
// `electron-builder --dir -c.electronDist=DIR` can be checked where the real one can not be had. It proves what the
// package holds, what is unpacked and how the fuses stand; nothing about running under Electron.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** Electron's marker in front of the fuse wire, its version 1 and nine fuses. */
const fuseWire = ['dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX', String.fromCharCode(1, 9), '101000001', '\n']

/** @param {string} folder */
export function writeFakeElectron(folder) {
  const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
  const { version } = JSON.parse(readFileSync(path.join(root, 'node_modules/electron/package.json'), 'utf8'))
  for (const name of ['resources', 'locales']) mkdirSync(path.join(folder, name), { recursive: true })
  const program = ['#!/bin/sh\necho stand-in\nexit 0\n', ...fuseWire].join('')
  writeFileSync(path.join(folder, 'electron'), program, { encoding: 'latin1', mode: 0o755 })
  const files = { version, LICENSE: '-', 'LICENSES.chromium.html': '-', 'chrome-sandbox': '-' }
  for (const [name, content] of Object.entries(files)) writeFileSync(path.join(folder, name), content)
}

if (process.argv[1] && path.resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  if (!process.argv[2]) throw new Error('Name the folder to write.')
  writeFakeElectron(path.resolve(process.argv[2]))
}
