import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { z } from 'zod'
import type { Hash } from '#contract'
import { writeDurably } from '#store/durable-file'

/** Which contents of `custom-nodes` folders somebody has trusted on this computer. */
export interface TrustedFolders {
  has(hash: Hash): boolean
  add(hash: Hash, project: string): void
  remove(hash: Hash): void
}

const schema = z.object({ trusted: z.record(z.string(), z.object({ project: z.string(), at: z.string() })) })
type Trusted = z.output<typeof schema>['trusted']

/** Kept with the user's settings: a project that is copied or sent brings no trust with it. */
export function openTrustedFolders(settings = settingsFolder()): TrustedFolders {
  const file = path.join(settings, 'trusted-nodes.json')
  const read = (): Trusted => {
    if (!existsSync(file)) return {}
    try {
      return schema.parse(JSON.parse(readFileSync(file, 'utf8'))).trusted
    } catch {
      // What can not be read trusts nothing.
      return {}
    }
  }
  const write = (trusted: Trusted) => {
    mkdirSync(settings, { recursive: true })
    writeDurably(file, `${JSON.stringify({ trusted }, null, 2)}\n`)
  }
  return {
    has: (hash) => Object.hasOwn(read(), hash),
    add: (hash, project) => write({ ...read(), [hash]: { project, at: new Date().toISOString() } }),
    remove(hash) {
      const { [hash]: _, ...others } = read()
      write(others)
    },
  }
}

function settingsFolder(): string {
  const { PLUMBLINE_SETTINGS, APPDATA, XDG_CONFIG_HOME } = process.env
  if (PLUMBLINE_SETTINGS) return PLUMBLINE_SETTINGS
  if (process.platform === 'win32') return path.join(APPDATA ?? path.join(homedir(), 'AppData', 'Roaming'), 'Plumbline')
  if (process.platform === 'darwin') return path.join(homedir(), 'Library', 'Application Support', 'Plumbline')
  return path.join(XDG_CONFIG_HOME ?? path.join(homedir(), '.config'), 'plumbline')
}
