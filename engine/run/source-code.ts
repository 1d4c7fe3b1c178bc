import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hash } from '#contract'
import type { Database } from '#store/database'
import { hashBytes } from '#store/hashing'
import { fileMemo, keepFileMemo } from '#store/memos'
import { compiledProgram, fileStamp } from './compiled-program.ts'
import { type Closure, closureOf, type ReachedCode, reachedCode } from './reached-code.ts'
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
  const reader = createCodeReader(db)
  const versions = createVersions()
  let prints = new Map<string, CodePrint>()
  let readAt = Number.NEGATIVE_INFINITY
  const print = (key: string, reached: () => ReachedCode) => {
    if (performance.now() - readAt > freshMs) {
      prints = new Map()
      reader.refresh()
      readAt = performance.now()
    }
    const known = prints.get(key) ?? versions.print(reached())
    prints.set(key, known)
    return known
  }
  const of = (type: string) => {
    const custom = own.file(type)
    if (custom !== undefined)
      return withContent(
        print(`${type} ${own.stamp}`, () => reader.reached(custom)),
        own.stamp,
      )
    return print(type, () => {
      const file = path.join(path.dirname(catalogue), ...type.split('/'), 'node.ts')
      return compiledProgram()?.reached(file) ?? reader.reached(existsSync(file) ? file : catalogue)
    })
  }
  return {
    of,
    get base() {
      return print('', () => compiledProgram()?.reached('') ?? reader.reached())
    },
    stamp: (types) => hashBytes(types.map((type) => of(type).hash).join()),
  }
}

const withContent = ({ hash, packages }: CodePrint, content: string): CodePrint => ({
  hash: hashBytes(`${hash},${content}`),
  packages,
})

function createCodeReader(db: Database) {
  const always = fileURLToPath(new URL('./perform-step.ts', import.meta.url))
  let files = new Map<string, SourceFile | undefined>()
  let closures = new Map<string, Closure>()

  const file = (name: string): SourceFile | undefined => {
    if (!files.has(name)) files.set(name, readSource(db, name))
    return files.get(name)
  }
  const closure = (root: string): Closure => {
    const known = closures.get(root) ?? closureOf(root, file)
    closures.set(root, known)
    return known
  }
  return {
    refresh() {
      files = new Map()
      closures = new Map()
    },
    /** What a step of the node in this file is run with. */
    reached: (...node: readonly string[]) => reachedCode([...node, always].map(closure)),
  }
}

/** Hash and imports of a file: of the compiled program, or from the memo while it is the same; undefined when there is none. */
function readSource(db: Database, name: string): SourceFile | undefined {
  const compiled = compiledProgram()?.source(name)
  if (compiled) return compiled
  const stamp = fileStamp(name)
  if (stamp === undefined) return undefined
  const known = fileMemo(db, `code:${name}`, stamp) as unknown as SourceText | undefined
  const read = known ?? scanSource(name)
  if (!known) keepFileMemo(db, `code:${name}`, stamp, { ...read })
  return sourceFile(name, read)
}

/** Versions of packages, each looked up once from where it is imported. */
function createVersions() {
  const known = new Map<string, string>()
  const version = (name: string, folder: string): string => {
    const place = path.join(folder, 'node_modules', name, 'package.json')
    const found = known.get(place) ?? (existsSync(place) ? readVersion(place) : above(name, folder))
    known.set(place, found)
    return found
  }
  const above = (name: string, folder: string) =>
    path.dirname(folder) === folder ? 'unknown' : version(name, path.dirname(folder))
  return {
    print({ hash, packages }: ReachedCode): CodePrint {
      const versions = Object.entries(packages).map(([name, folder]) => [name, version(name, folder)] as const)
      return { hash, packages: Object.fromEntries(versions) }
    },
  }
}

function readVersion(file: string): string {
  return (JSON.parse(readFileSync(file, 'utf8')) as { version?: string }).version ?? 'unknown'
}
