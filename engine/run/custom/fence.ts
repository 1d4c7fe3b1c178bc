/**
 * Loaded before anything else in the process of a custom node. Node's permission model holds files and processes; Node 24
 * has no permission for the network, so the modules and globals that reach it are taken away here unless they are
 * allowed. That stops code that reaches out by habit or by a dependency, not code that is written to break out.
 */
import fs from 'node:fs'
import module from 'node:module'

const away = /^(node:)?(net|tls|dns|dns\/promises|dgram|http|https|http2|inspector|inspector\/promises|repl|cluster)$/
const globals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator']
/** As if the import stood in a file of the program. */
const program = import.meta.url
const root = new URL('../../../', import.meta.url).href
const allowsNetwork = process.env.PLUMBLINE_NETWORK === '1'
const allowsNatives = process.env.PLUMBLINE_NATIVE === '1'

class NetworkRefused extends Error {
  readonly code = 'ERR_ACCESS_DENIED'
  constructor(name: string) {
    super(`This custom node may not use the network, and asked for "${name}".`)
  }
}

function refuse(name: string): never {
  throw new NetworkRefused(name)
}

/** What a custom node imports from the program: its contract, algorithms and report blocks, and zod. */
const ofProgram = /^(#contract|#ml\/.*|#report\/.*|zod(\/.*)?)$/

const natives = /^(@duckdb\/node-api|onnxruntime-node)$/
const noNatives = new URL('./no-natives.ts', import.meta.url).href

module.registerHooks({
  resolve(name, context, next) {
    const from = context.parentURL ?? root
    const isCustom = !from.startsWith(root) || from.includes('/custom-nodes/')
    if (isCustom && !allowsNetwork && away.test(name)) refuse(name)
    if (!allowsNatives && natives.test(name)) return { url: noNatives, shortCircuit: true }
    return isCustom && ofProgram.test(name) ? next(name, { ...context, parentURL: program }) : next(name, context)
  },
})

// Node's permission model has no fsync; the engine waits for the disk when it takes over what was written.
fs.fsyncSync = () => {}
module.syncBuiltinESMExports()

if (!allowsNetwork) {
  for (const name of globals) Reflect.deleteProperty(globalThis, name)
  const builtin = process.getBuiltinModule
  process.getBuiltinModule = ((name: string) => (away.test(name) ? refuse(name) : builtin(name))) as typeof builtin
}
