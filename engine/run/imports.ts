import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * Modules and files a source names: static imports and re-exports, imports of literal names, and files beside it
 * (`new URL('x.wasm', import.meta.url)`). What only types come from is left out: it is gone when the code runs.
 */
export function importedNames(text: string): readonly string[] {
  const names = new Set<string>()
  for (const [, typeOnly, name] of text.matchAll(statement)) if (!typeOnly) names.add(name!)
  for (const [, name] of text.matchAll(call)) names.add(name!)
  for (const [, name] of text.matchAll(beside)) names.add(/^(\.|\/|[a-z]+:)/.test(name!) ? name! : `./${name}`)
  return [...names].sort()
}

const statement = /(?:^|[\s;])(?:import|export)\s+(type\s+(?!from\s))?(?:[^'";()]*?\bfrom\s*)?['"]([^'"\n]+)['"]/g
const call = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g
const beside = /\bnew URL\(\s*['"]([^'"\n]+)['"]\s*,\s*import\.meta\.url\s*\)/g

/** Where the file of the project is, or which package it is, that a name stands for; undefined for Node's own modules. */
export function resolveImport(
  name: string,
  from: string,
): { readonly file?: string; readonly package?: string } | undefined {
  if (name.startsWith('node:') || /^[a-z]+:/.test(name)) return undefined
  const target = name.startsWith('#')
    ? mapped(name, from)
    : name.startsWith('.')
      ? path.resolve(path.dirname(from), name)
      : null
  if (target === null) return { package: packageName(name) }
  return target === undefined ? undefined : { file: target }
}

function packageName(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** A name of the `imports` map of the nearest package.json, else of the program's: custom nodes import from it. */
function mapped(name: string, from: string): string | undefined {
  return mappedBy(importsMap(path.dirname(from)), name) ?? mappedBy(importsMap(import.meta.dirname), name)
}

function mappedBy(found: ImportsMap | undefined, name: string): string | undefined {
  if (!found) return undefined
  for (const [pattern, target] of Object.entries(found.imports)) {
    const [before, after] = pattern.split('*')
    if (after === undefined ? name !== pattern : !name.startsWith(before!) || !name.endsWith(after)) continue
    const middle = after === undefined ? '' : name.slice(before!.length, name.length - after.length)
    return path.join(found.folder, target.replace('*', middle))
  }
  return undefined
}

interface ImportsMap {
  readonly folder: string
  readonly imports: Readonly<Record<string, string>>
}
const maps = new Map<string, ImportsMap | undefined>()

function importsMap(folder: string): ImportsMap | undefined {
  if (maps.has(folder)) return maps.get(folder)
  const file = path.join(folder, 'package.json')
  const parent = path.dirname(folder)
  let found: ImportsMap | undefined
  if (existsSync(file)) {
    const { imports = {} } = JSON.parse(readFileSync(file, 'utf8')) as { imports?: Record<string, string> }
    found = { folder, imports }
  } else if (parent !== folder) found = importsMap(parent)
  maps.set(folder, found)
  return found
}
