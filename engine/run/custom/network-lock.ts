import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

let known: readonly string[] | undefined

/** Node 25 and newer keep the network by themselves. */
export const nodeHoldsNetwork = process.allowedNodeEnvironmentFlags.has('--allow-net')

/**
 * Words before a command that give it a network of its own with nothing in it: Linux can do that for anyone where user
 * namespaces are allowed. Empty where it can't be had.
 */
export function networkLock(): readonly string[] {
  known ??= findLock()
  return known
}

function findLock(): readonly string[] {
  const tool = process.platform === 'linux' && ['/usr/bin/unshare', '/bin/unshare'].find((file) => existsSync(file))
  if (!tool) return []
  const words = ['--user', '--map-current-user', '--net', '--']
  const tried = spawnSync(tool, [...words, 'true'], { stdio: 'ignore', timeout: 5_000 })
  return tried.status === 0 ? [tool, ...words] : []
}
