#!/usr/bin/env node
// The command line: npx plumbline inside the clone, node CLONE/bin/plumbline.mjs elsewhere.
import { existsSync } from 'node:fs'
import module from 'node:module'
import path from 'node:path'
import v8 from 'node:v8'
import { root } from '../scripts/node24.mjs'

if (!existsSync(new URL('../node_modules/zod', import.meta.url))) {
  console.error(`Plumbline's packages are not installed yet. Run "npm start" or "npm ci" in ${root}.`)
  process.exit(1)
}
// Beside the program, where only who installed it can write; halves the time to start. Where it can't be written nothing is lost.
module.enableCompileCache?.(path.join(root, 'node_modules/.cache/compile'))
// Loading makes young objects, and room that they take is never given back: only commands that last let it grow.
v8.setFlagsFromString('--semi-space-growth-factor=1')
const { programModules } = await import('../engine/run/compiled-program.ts')
const { entry } = programModules({ entry: new URL('../engine/cli/main.ts', import.meta.url) })
const { main } = await import(entry.href)
process.exitCode = await main(process.argv.slice(2))
