// node scripts/tool.mjs NAME [ARGUMENTS]: a development tool, or a TypeScript file, under Node 24.
import './node24.mjs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './node24.mjs'

/** @type {Record<string, string>} */
const tools = {
  biome: '@biomejs/biome/bin/biome',
  'electron-builder': 'electron-builder/cli.js',
  knip: 'knip/bin/knip.js',
  playwright: '@playwright/test/cli.js',
  tsc: 'typescript/bin/tsc',
  vite: 'vite/bin/vite.js',
  vitest: 'vitest/vitest.mjs',
}
const [, , name = '', ...rest] = process.argv
const tool = tools[name]
const file = tool ? path.join(root, 'node_modules', tool) : path.resolve(name)
process.argv = [process.execPath, file, ...rest]
await import(pathToFileURL(file).href)
