/**
 * Loaded before anything else in the process of a custom node. Node's permission model holds files, processes, threads and
 * native code; Node 24 has no permission for the network. On Linux the process has an empty network of its own where the
 * system allows that (network-lock.ts). In any case what reaches the network is taken away here unless it is allowed:
 * modules, globals, and the methods behind them, since a module can also be had from one of its objects.
 */
import dgram from 'node:dgram'
import dns from 'node:dns'
import fs from 'node:fs'
import module from 'node:module'
import net from 'node:net'
import { ProblemError } from '../../contract/problem.ts'

const ofNetwork = /^(node:)?(net|tls|dns|dns\/promises|dgram|http|https|http2|quic)$/
/** Nothing a node works with, and ways around the permissions: other databases' files, other processes, flags of V8. */
const never = /^(node:)?(sqlite|inspector|inspector\/promises|repl|cluster|v8|vm|wasi|trace_events|test|sea)$/
const globals = ['fetch', 'WebSocket', 'EventSource', 'XMLHttpRequest', 'navigator']
/** As if the import stood in a file of the program. */
const program = import.meta.url
const root = new URL('../../../', import.meta.url).href
const allowsNetwork = process.env.PLUMBLINE_NETWORK === '1'
/** Where native packages are found; empty where they are not allowed. */
const nativesHome = process.env.PLUMBLINE_NATIVES ?? ''

function refuseNetwork(name: string): never {
  throw new ProblemError({
    code: 'not-supported',
    message: `This custom node asked for "${name}", which reaches the network; its permissions leave that out.`,
    fix: 'Work on the inputs alone, or add "network": true to its permissions.json and trust it again.',
  })
}

function refuseAlways(name: string): never {
  throw new ProblemError({
    code: 'not-supported',
    message: `This custom node asked for "${name}", which no custom node may use.`,
    fix: 'Do without it.',
  })
}

/** Throws unless a custom node may have this module. */
function admit(name: string): void {
  if (never.test(name)) refuseAlways(name)
  if (!allowsNetwork && ofNetwork.test(name)) refuseNetwork(name)
}

/** What a custom node imports from the program: its contract, algorithms and report blocks, and zod. */
const ofProgram = /^(#contract|#ml\/.*|#report\/.*|zod(\/.*)?)$/

const natives = /^(@duckdb\/node-api|onnxruntime-node)$/
const noNatives = new URL('./no-natives.ts', import.meta.url).href

module.registerHooks({
  resolve(name, context, next) {
    const from = context.parentURL ?? ''
    const isCustom = !from.startsWith(root) || from.includes('/custom-nodes/')
    if (isCustom) admit(name)
    if (natives.test(name))
      return nativesHome === ''
        ? { url: noNatives, shortCircuit: true }
        : next(name, { ...context, parentURL: nativesHome })
    return isCustom && ofProgram.test(name) ? next(name, { ...context, parentURL: program }) : next(name, context)
  },
})

function put(owner: object, name: string, value: unknown): void {
  Object.defineProperty(owner, name, { value, writable: false, configurable: false })
}

const builtin = process.getBuiltinModule
put(process, 'getBuiltinModule', (name: string) => {
  admit(name)
  return builtin(name)
})
// A hook of its own would be asked before ours.
for (const name of ['register', 'registerHooks']) put(module, name, () => refuseAlways(`module.${name}`))
// Signals and debuggers reach other processes.
for (const name of ['kill', '_kill', '_debugProcess', '_debugEnd'])
  put(process, name, () => refuseAlways(`process.${name}`))
// Node's permission model has no fsync; the engine waits for the disk when it takes over what was written.
fs.fsyncSync = () => {}

if (!allowsNetwork) {
  for (const name of globals) Reflect.deleteProperty(globalThis, name)
  const ways: readonly (readonly [string, object, readonly string[]])[] = [
    ['net', net.Socket.prototype, ['connect']],
    ['net', net.Server.prototype, ['listen']],
    ['dgram', dgram.Socket.prototype, ['bind', 'connect', 'send']],
    ['dns', dns, Object.keys(dns).filter((name) => /^(lookup|resolve|reverse)/.test(name))],
    ['dns', dns.promises, Object.keys(dns.promises).filter((name) => /^(lookup|resolve|reverse)/.test(name))],
  ]
  for (const [name, owner, methods] of ways)
    for (const method of methods) put(owner, method, () => refuseNetwork(`${name}.${method}`))
}
module.syncBuiltinESMExports()
