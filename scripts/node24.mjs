// First import of every script: runs it again under the package's Node 24 when an older Node started it.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { whenParentEnds } from './parent.mjs'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')

/** The Node 24 binary that the optional dependency of this platform carries, or null. */
export function packagedNode() {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const file = path.join(
    root,
    'node_modules',
    `node-${platform}-${process.arch}`,
    'bin',
    platform === 'win' ? 'node.exe' : 'node',
  )
  return existsSync(file) ? file : null
}

if (Number(process.versions.node.split('.')[0]) < 24) {
  const binary = packagedNode()
  if (!binary) {
    console.error(
      `Plumbline needs Node 24 or newer; this is ${process.version}. Run "npm install" in its folder, or install Node 24.`,
    )
    process.exit(1)
  }
  const child = spawn(binary, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, PATH: path.dirname(binary) + path.delimiter + process.env.PATH },
  })
  // A terminal sends Ctrl+C to both processes; what arrives from elsewhere is passed on.
  process.on('SIGINT', () => process.stdin.isTTY || child.kill('SIGINT'))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  process.on('SIGHUP', () => child.kill('SIGHUP'))
  whenParentEnds(() => child.kill('SIGTERM'))
  await new Promise((resolve) => child.once('exit', resolve))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(signal)
  if (child.signalCode) process.kill(process.pid, child.signalCode)
  process.exit(child.exitCode ?? 1)
}
