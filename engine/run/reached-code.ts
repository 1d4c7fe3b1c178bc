import path from 'node:path'
import type { Hash } from '#contract'
import { hashBytes } from '#store/hashing'
import type { SourceFile } from './source-file.ts'

/** What code is made of. */
export interface ReachedCode {
  /** One hash over the content of the project's own files. */
  readonly hash: Hash
  /** Packages they import, each with the folder of a file that does: where to look for it. */
  readonly packages: Readonly<Record<string, string>>
}

/** Files that are reached from one of them, by name. */
export type Closure = ReadonlyMap<string, SourceFile>

/** A file with everything it reaches; `read` gives undefined where there is none of that name. */
export function closureOf(root: string, read: (name: string) => SourceFile | undefined): Closure {
  const reached = new Map<string, SourceFile>()
  const open = [root]
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const source = reached.has(name) ? undefined : read(name)
    if (!source) continue
    reached.set(name, source)
    open.push(...source.files)
  }
  return reached
}

export function reachedCode(closures: readonly Closure[]): ReachedCode {
  const hashes = new Set<string>()
  const packages: Record<string, string> = {}
  for (const closure of closures)
    for (const [name, source] of closure) {
      hashes.add(source.hash)
      for (const wanted of source.packages) packages[wanted] ??= path.dirname(name)
    }
  return { hash: hashBytes([...hashes].sort().join()), packages }
}
