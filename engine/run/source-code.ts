import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hash } from '#contract'
import type { Database } from '#store/database'
import { hashBytes } from '#store/hashing'
import { fileMemo, keepFileMemo } from '#store/memos'
import { compiledProgram, fileStamp } from './compiled-program.ts'
import { type SourceFile, type SourceText, scanSource, sourceFile } from './source-file.ts'

/** What of the program a step's result depends on. */
export interface CodePrint {
  /** One hash over the content of the project's own files that are reachable. */
  readonly hash: Hash
  /** Versions of the packages they import, by name. */
  readonly packages: Readonly<Record<string, string>>
}

export interface SourceCode {
  /** The print of a node type: its own module and everything a step is run with. */
  of(type: string): CodePrint
  /** Print of what every step is run with, whatever its node. */
  readonly base: CodePrint
  /** One hash over every node type, to see that files changed under a running engine. */
  stamp(types: readonly string[]): Hash
}

/** Files are looked at anew when so long has passed. */
const freshMs = 2_000

/** `own` names the file of a node that is the project's own, and what all such nodes are made of. */
export function createSourceCode(
  db: Database,
  catalogueUrl: string,
  own: { file(type: string): string | undefined; readonly stamp: string } = { file: () => undefined, stamp: '' },
): SourceCode {
  const catalogue = fileURLToPath(catalogueUrl)
  const always = fileURLToPath(new URL('./perform-step.ts', import.meta.url))
  const reader = createSourceReader(db)
  let prints = new Map<string, CodePrint>()
  let readAt = Number.NEGATIVE_INFINITY
  const print = (key: string, files: readonly string[]) => {
    if (performance.now() - readAt > freshMs) {
      prints = new Map()
      reader.refresh()
      readAt = performance.now()
    }
    const known = prints.get(key) ?? reader.print(files)
    prints.set(key, known)
    return known
  }
  const of = (type: string) => {
    const custom = own.file(type)
    if (custom !== undefined) return withContent(print(`${type} ${own.stamp}`, [custom, always]), own.stamp)
    const file = path.join(path.dirname(catalogue), ...type.split('/'), 'node.ts')
    return print(type, [existsSync(file) ? file : catalogue, always])
  }
  return {
    of,
    get base() {
      return print('', [always])
    },
    stamp: (types) => hashBytes(types.map((type) => of(type).hash).join()),
  }
}

const withContent = ({ hash, packages }: CodePrint, content: string): CodePrint => ({
  hash: hashBytes(`${hash},${content}`),
  packages,
})

function createSourceReader(db: Database) {
  let files = new Map<string, SourceFile | undefined>()
  let closures = new Map<string, ReadonlyMap<string, SourceFile>>()
  const versions = new Map<string, string>()

  const file = (name: string): SourceFile | undefined => {
    if (!files.has(name)) files.set(name, readSource(db, name))
    return files.get(name)
  }
  /** A file with everything it reaches. */
  const closure = (root: string): ReadonlyMap<string, SourceFile> => {
    const known = closures.get(root)
    if (known) return known
    const reached = new Map<string, SourceFile>()
    const open = [root]
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      const source = reached.has(name) ? undefined : file(name)
      if (!source) continue
      reached.set(name, source)
      open.push(...source.files)
    }
    closures.set(root, reached)
    return reached
  }
  return {
    refresh() {
      files = new Map()
      closures = new Map()
    },
    print(roots: readonly string[]): CodePrint {
      const hashes = new Set<string>()
      const packages: Record<string, string> = {}
      for (const root of roots)
        for (const [name, source] of closure(root)) {
          hashes.add(source.hash)
          for (const wanted of source.packages) packages[wanted] ??= packageVersion(versions, wanted, name)
        }
      return { hash: hashBytes([...hashes].sort().join()), packages }
    },
  }
}

/** Hash and imports of a file: of the compiled program, or from the memo while it is the same; undefined when there is none. */
function readSource(db: Database, name: string): SourceFile | undefined {
  const compiled = compiledProgram()?.sources.get(name)
  if (compiled) return compiled
  const stamp = fileStamp(name)
  if (stamp === undefined) return undefined
  const known = fileMemo(db, `code:${name}`, stamp) as unknown as SourceText | undefined
  const read = known ?? scanSource(name)
  if (!known) keepFileMemo(db, `code:${name}`, stamp, { ...read })
  return sourceFile(name, read)
}

function packageVersion(known: Map<string, string>, name: string, from: string): string {
  for (let folder = path.dirname(from); ; folder = path.dirname(folder)) {
    const file = path.join(folder, 'node_modules', name, 'package.json')
    const version = known.get(file)
    if (version !== undefined) return version
    if (existsSync(file)) {
      const read = (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? 'unknown'
      known.set(file, read)
      return read
    }
    if (path.dirname(folder) === folder) return 'unknown'
  }
}
