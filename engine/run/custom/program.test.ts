import { existsSync } from 'node:fs'
import path from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { plainNode, program } from './program.ts'

const { versions } = process
const pretend = (value: typeof versions) => Object.defineProperty(process, 'versions', { value, configurable: true })
afterEach(() => pretend(versions))

test('custom nodes run on this Node, under Electron on a packed one or on none, never on Electron', () => {
  expect(existsSync(path.join(program, 'engine', 'run', 'custom', 'fence.ts'))).toBe(true)
  expect(plainNode()).toBe(process.execPath)
  pretend({ ...versions, electron: '45.0.0' })
  const system = process.platform === 'win32' ? 'win' : process.platform
  const packed = path.join(program, 'node_modules', `node-${system}-${process.arch}`)
  expect(plainNode()?.startsWith(packed) ?? false).toBe(existsSync(packed))
})
