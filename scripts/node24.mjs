// First import of every script: runs it again under the package's Node 24 when an older Node started it.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

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
  const environment = { ...process.env, PATH: path.dirname(binary) + path.delimiter + process.env.PATH }
  const result = spawnSync(binary, [...process.execArgv, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: environment,
  })
  if (result.signal) process.kill(process.pid, result.signal)
  process.exit(result.status ?? 1)
}
