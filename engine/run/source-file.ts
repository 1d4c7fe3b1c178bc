import { readFileSync } from 'node:fs'
import type { Hash } from '#contract'
import { hashBytes } from '#store/hashing'
import { importedNames, resolveImport } from './imports.ts'

/** What of a source file a print needs. */
export interface SourceFile {
  readonly hash: Hash
  /** Files of the project it imports. */
  readonly files: readonly string[]
  readonly packages: readonly string[]
}

/** Content and imports of a source as they stand in it. */
export interface SourceText {
  readonly hash: Hash
  readonly names: readonly string[]
}

export function scanSource(name: string): SourceText {
  const bytes = readFileSync(name)
  const names = /\.[cm]?[jt]sx?$/.test(name) ? importedNames(bytes.toString('utf8')) : []
  return { hash: hashBytes(bytes), names }
}

/** The same with its imports found. */
export function sourceFile(name: string, { hash, names }: SourceText = scanSource(name)): SourceFile {
  const files: string[] = []
  const packages: string[] = []
  for (const imported of names) {
    const target = resolveImport(imported, name)
    if (target?.file) files.push(target.file)
    if (target?.package) packages.push(target.package)
  }
  return { hash, files, packages }
}
