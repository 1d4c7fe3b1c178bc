import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { SourceFile } from './source-file.ts'

/**
 * What `scripts/build.mjs` makes of the program: the same code in few modules, which a process loads in a third of the
 * time. It counts only while every source is as it was then; the sources themselves run where it is missing or old.
 */
export interface CompiledProgram {
  /** The compiled module of a source file. */
  readonly modules: ReadonlyMap<string, string>
  readonly sources: ReadonlyMap<string, SourceFile>
}

/** How the description of a compiled program stands on disk; names of files start from the program's folder. */
export interface ProgramRecord {
  readonly modules: Readonly<Record<string, string>>
  /** Stamp of each file it was made of. */
  readonly stamps: Readonly<Record<string, string>>
  readonly sources: Readonly<Record<string, SourceFile>>
}

const root = path.resolve(import.meta.dirname, '..', '..')
const recordFile = path.join(root, 'dist', 'program', 'record.json')
/** Files are looked at anew when so long has passed. */
const freshMs = 2_000

let lookedAt = Number.NEGATIVE_INFINITY
let known: { readonly text: string; readonly record: ProgramRecord; readonly program: CompiledProgram } | undefined
let fresh = false

/** The compiled program, or undefined where there is none of the sources as they are. */
export function compiledProgram(): CompiledProgram | undefined {
  if (performance.now() - lookedAt > freshMs) {
    known = readProgram()
    fresh = known !== undefined && isFresh(known.record)
    lookedAt = performance.now()
  }
  return fresh ? known?.program : undefined
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

/** Changes when a file does; undefined when there is none. */
export function fileStamp(name: string): string | undefined {
  const stat = statSync(name, { bigint: true, throwIfNoEntry: false })
  return stat?.isFile() ? `${stat.size} ${stat.mtimeNs} ${stat.ino}` : undefined
}

function readProgram(): typeof known {
  if (!existsSync(recordFile)) return undefined
  const text = readFileSync(recordFile, 'utf8')
  if (text === known?.text) return known
  const record = JSON.parse(text) as ProgramRecord
  const absolute = (name: string) => path.join(root, name)
  const program = {
    modules: new Map(Object.entries(record.modules).map(([name, file]) => [absolute(name), absolute(file)])),
    sources: new Map(
      Object.entries(record.sources).map(([name, source]) => [
        absolute(name),
        { ...source, files: source.files.map(absolute) },
      ]),
    ),
  }
  return { text, record, program }
}

function isFresh({ stamps, modules }: ProgramRecord): boolean {
  return (
    Object.values(modules).every((name) => existsSync(path.join(root, name))) &&
    Object.entries(stamps).every(([name, stamp]) => fileStamp(path.join(root, name)) === stamp)
  )
}
