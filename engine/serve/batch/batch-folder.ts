import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'

import { ParquetWriter, rowGroupRows } from '#compute/parquet/write-parquet'
import type { Column, Frame } from '#contract'
import { replaceFile, siblingName, syncFile, syncFolder } from '#store/durable-file'
import type { BatchSource } from './batch-source.ts'

/** What a batch has done so far, on disk: a part is there whole or not at all, so a batch that was killed goes on. */
export interface BatchFolder {
  readonly path: string
  source(file: number): BatchSource | undefined
  keepSource(file: number, source: BatchSource): void
  /** Where the table of an input file is made. */
  sourceFolder(file: number): string
  /** Rejected rows of a part, where it has some. */
  part(file: number, group: number): { readonly rows: string; readonly rejected?: string } | undefined
  keepPart(file: number, group: number, rows: Frame, rejected: Frame): void
  remove(): void
}

const keptDays = 30

/** Parts of batches that nobody went on with. */
function removeAbandoned(folder: string): void {
  const since = Date.now() - keptDays * 86_400_000
  for (const name of readdirSync(folder)) {
    const own = path.join(folder, name)
    if (statSync(own).mtimeMs < since) rmSync(own, { recursive: true, force: true })
  }
}

export function openBatchFolder(folder: string): BatchFolder {
  mkdirSync(folder, { recursive: true })
  removeAbandoned(path.dirname(folder))
  const sourceFile = (file: number) => path.join(folder, `source-${file}.json`)
  const partFile = (file: number, group: number) => path.join(folder, `part-${file}-${group}.parquet`)
  const rejectedFile = (file: number, group: number) => path.join(folder, `rejected-${file}-${group}.parquet`)
  const write = (file: string, frame: Frame) => {
    const sibling = siblingName(file)
    writeParquet(sibling, frame)
    syncFile(sibling)
    renameSync(sibling, file)
  }
  return {
    path: folder,
    source(file) {
      if (!existsSync(sourceFile(file))) return undefined
      const source = JSON.parse(readFileSync(sourceFile(file), 'utf8')) as BatchSource
      return existsSync(source.rows) && existsSync(source.rejected) ? source : undefined
    },
    keepSource: (file, source) => replaceFile(sourceFile(file), JSON.stringify(source)),
    sourceFolder: (file) => path.join(folder, `source-${file}`),
    part(file, group) {
      if (!existsSync(partFile(file, group))) return undefined
      const rejected = rejectedFile(file, group)
      return { rows: partFile(file, group), ...(existsSync(rejected) && { rejected }) }
    },
    keepPart(file, group, rows, rejected) {
      // The part comes last: where it stands, its rejected rows do.
      if (rejected.rows > 0) write(rejectedFile(file, group), rejected)
      write(partFile(file, group), rows)
      syncFolder(folder)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function writeParquet(file: string, frame: Frame): void {
  const columns: readonly Column[] = frame.columns
  const writer = new ParquetWriter(file, columns)
  for (let from = 0; from < frame.rows; from += rowGroupRows)
    writer.writeGroup(frame, from, Math.min(frame.rows, from + rowGroupRows))
  writer.close()
}
