import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os'
import path from 'node:path'
import type { JsonValue } from '#contract'
import { hashFile } from '#store/hashing'

const root = path.resolve(import.meta.dirname, '..', '..')

export function engineVersion(): string {
  return (JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string }).version
}

export function platformName(): string {
  return `${type()} ${release()} ${arch()}`
}

/** What a measurement depends on. */
export function machineName(): string {
  return `${cpus()[0]?.model.trim() ?? 'unknown'}, ${availableParallelism()} cores, ${graphicsName()}`
}

/** Where a run took place: enough to explain a difference, nothing about the person. */
export function describeEnvironment(project: string): Readonly<Record<string, JsonValue>> {
  const lock = path.join(root, 'package-lock.json')
  return {
    engine: engineVersion(),
    node: process.versions.node,
    system: platformName(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    graphics: graphicsName(),
    lock: existsSync(lock) ? hashFile(lock) : null,
    commit: gitCommit(project) ?? null,
  }
}

/** The graphics processor as the system's files name it, "none" where they name none. */
export function graphicsName(): string {
  if (process.platform === 'darwin') return arch() === 'arm64' ? 'Apple' : 'none'
  const folder = '/proc/driver/nvidia/gpus'
  if (!existsSync(folder)) return 'none'
  const models = readdirSync(folder).map((device) => {
    const text = readFileSync(path.join(folder, device, 'information'), 'utf8')
    return /^Model:\s*(.+)$/m.exec(text)?.[1] ?? 'NVIDIA'
  })
  return models.join(', ') || 'none'
}

/** The commit a folder's repository stands at, read without git. */
export function gitCommit(start: string): string | undefined {
  for (let folder = path.resolve(start); ; folder = path.dirname(folder)) {
    const git = path.join(folder, '.git')
    if (existsSync(git)) return readHead(git)
    if (path.dirname(folder) === folder) return undefined
  }
}

function readHead(git: string): string | undefined {
  try {
    const pointer = /^gitdir: (.+)$/m.exec(readIfFile(git) ?? '')
    const folder = pointer ? path.resolve(path.dirname(git), pointer[1]!.trim()) : git
    const head = readFileSync(path.join(folder, 'HEAD'), 'utf8').trim()
    const reference = /^ref: (.+)$/.exec(head)?.[1]
    if (!reference) return head
    const shared = readIfFile(path.join(folder, 'commondir'))?.trim()
    const places = [folder, ...(shared ? [path.resolve(folder, shared)] : [])]
    for (const place of places) {
      const loose = readIfFile(path.join(place, reference))?.trim()
      const packed = readIfFile(path.join(place, 'packed-refs'))
      const found =
        loose ??
        packed
          ?.split('\n')
          .find((line) => line.endsWith(` ${reference}`))
          ?.split(' ')[0]
      if (found) return found
    }
    return undefined
  } catch {
    return undefined
  }
}

function readIfFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}
