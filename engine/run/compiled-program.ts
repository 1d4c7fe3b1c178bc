import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { NodeForm } from '#graph/describe-node'
import type { ReachedCode } from './reached-code.ts'
import type { SourceFile } from './source-file.ts'

/**
 * What `scripts/build.mjs` makes of the program: the same code in few modules, which a process loads in a third of the
 * time. It counts only while every source is as it was then; the sources themselves run where it is missing or old.
 */
export interface CompiledProgram {
  /** The compiled module of a source file. */
  readonly modules: ReadonlyMap<string, string>
  /** What a step of the node in this file is run with; the empty name is a step of any node. */
  reached(file: string): ReachedCode | undefined
  source(file: string): SourceFile | undefined
  /** Forms of the catalogue's nodes, by type. */
  forms(): Readonly<Record<string, NodeForm>>
}

/** How the description of a compiled program stands on disk; names of files start from the program's folder. */
export interface ProgramRecord {
  readonly modules: Readonly<Record<string, string>>
  /** Each file it was made of, and its stamp then. */
  readonly files: readonly string[]
  readonly stamps: readonly string[]
  /** Of each node's file, and of the empty name. */
  readonly reached: Readonly<Record<string, ReachedCode>>
  /** File with what is known of each source: only the project's own nodes ask for it. */
  readonly sources: string
  /** File with the form of each node. */
  readonly forms: string
}

/** What the record said when it was last read, and whether it still was so at `at` (of `performance.now()`). */
interface Look {
  readonly at: number
  readonly fresh: boolean
  readonly known:
    | { readonly text: string; readonly record: ProgramRecord; readonly program: CompiledProgram }
    | undefined
}

const root = path.resolve(import.meta.dirname, '..', '..')
/** Another form has another name, so that versions that share a clone never read each other's. */
export const recordFile = path.join(root, 'dist', 'program', 'record-3.json')
/** Files are looked at anew when so long has passed. */
const freshMs = 2_000

/** The module as it was written, which `bin` loads, and the compiled one look once for both. */
const shared = Symbol.for('plumbline.compiled-program')
const holder = globalThis as { [shared]?: Look }

/** The compiled program, or undefined where there is none of the sources as they are. */
export function compiledProgram(): CompiledProgram | undefined {
  let last = holder[shared]
  if (!last || performance.now() - last.at > freshMs) {
    const known = readProgram(last?.known)
    last = { known, fresh: known !== undefined && isFresh(known.record), at: performance.now() }
    holder[shared] = last
  }
  return last.fresh ? last.known?.program : undefined
}

/** Once the record was written anew, what it said before counts no more. */
export function forgetProgram(): void {
  delete holder[shared]
}

/** Modules that processes of this program are to load: all compiled, or all as they were written. */
export function programModules<Names extends string>(modules: Readonly<Record<Names, URL>>): Record<Names, URL> {
  const program = compiledProgram()
  const entries = Object.entries<URL>(modules)
  const found = entries.map(([name, url]) => [name, program?.modules.get(fileURLToPath(url))] as const)
  const whole = found.every(([, file]) => file !== undefined)
  return Object.fromEntries(whole ? found.map(([name, file]) => [name, pathToFileURL(file!)]) : entries) as Record<
    Names,
    URL
  >
}

/** Changes when a file does, also where its old size and time were put back; undefined when there is none. */
export function fileStamp(name: string): string | undefined {
  const stat = statSync(name, { throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.size} ${stat.mtimeMs} ${stat.ctimeMs} ${stat.ino}` : undefined
}

function readProgram(known: Look['known']): Look['known'] {
  if (!existsSync(recordFile)) return undefined
  const text = readFileSync(recordFile, 'utf8')
  if (text === known?.text) return known
  const record = JSON.parse(text) as ProgramRecord
  return { text, record, program: describeProgram(record) }
}

function describeProgram({ modules, reached, sources, forms }: ProgramRecord): CompiledProgram {
  const absolute = (name: string) => path.join(root, name)
  const relative = (file: string) => path.relative(root, file).split(path.sep).join('/')
  let read: Readonly<Record<string, SourceFile>> | undefined
  return {
    modules: new Map(Object.entries(modules).map(([name, file]) => [absolute(name), absolute(file)])),
    reached(file) {
      const found = reached[file && relative(file)]
      if (!found) return undefined
      const packages = Object.entries(found.packages).map(([name, folder]) => [name, absolute(folder)] as const)
      return { ...found, packages: Object.fromEntries(packages) }
    },
    source(file) {
      read ??= JSON.parse(readFileSync(absolute(sources), 'utf8')) as Record<string, SourceFile>
      const found = read[relative(file)]
      return found && { ...found, files: found.files.map(absolute) }
    },
    forms: () => JSON.parse(readFileSync(absolute(forms), 'utf8')) as Record<string, NodeForm>,
  }
}

function isFresh({ files, stamps, modules, sources, forms }: ProgramRecord): boolean {
  return (
    [...Object.values(modules), sources, forms].every((name) => existsSync(`${root}/${name}`)) &&
    files.every((name, index) => fileStamp(`${root}/${name}`) === stamps[index])
  )
}
