import { closeSync, existsSync, globSync, openSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { ProblemError } from '#contract'
import { compareCodeUnits } from '../cell-builders.ts'

export type FileFormat = 'csv' | 'parquet'
export type Packing = 'none' | 'gzip' | 'zstd'

export interface SourceFile {
  readonly path: string
  /** As the user wrote it, for messages. */
  readonly name: string
  readonly packing: Packing
}

const notYet: Readonly<Record<string, string>> = {
  xlsx: 'an Excel workbook; save the sheet as CSV and choose that file',
  xls: 'an Excel workbook; save the sheet as CSV and choose that file',
  ods: 'a spreadsheet; save the sheet as CSV and choose that file',
  json: 'JSON; convert it to CSV or Parquet and choose that file',
  ndjson: 'JSON lines; convert it to CSV or Parquet and choose that file',
  jsonl: 'JSON lines; convert it to CSV or Parquet and choose that file',
  arrow: 'Arrow; convert it to Parquet and choose that file',
  feather: 'Arrow; convert it to Parquet and choose that file',
  zip: 'a zip archive; unpack it and choose a file of it',
}

function unreadable(name: string, message: string, cause?: unknown): ProblemError {
  return new ProblemError(
    {
      code: 'file-unreadable',
      message,
      path: ['params', 'path'],
      fix: `Choose a file that is there instead of ${name}`,
    },
    { cause },
  )
}

/** The first bytes of a file, fewer where it is shorter. */
export function firstBytes(file: string, count: number, position = 0): Buffer {
  const buffer = Buffer.alloc(count)
  const descriptor = openSync(file, 'r')
  try {
    return buffer.subarray(0, readSync(descriptor, buffer, 0, count, position))
  } finally {
    closeSync(descriptor)
  }
}

function packingOf(head: Buffer): Packing {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  return head.length >= 4 && head.readUInt32LE(0) === 0xfd2fb528 ? 'zstd' : 'none'
}

/** The files a path or glob names, in the order of their names. */
export function resolveFiles(project: string, name: string): readonly SourceFile[] {
  if (name.trim() === '')
    throw new ProblemError({
      code: 'parameter-bad',
      message: 'No file is chosen yet.',
      path: ['params', 'path'],
      fix: 'Choose a file',
    })
  const direct = path.resolve(project, name)
  const isGlob = /[*?[{]/.test(name) && !existsSync(direct)
  const found = isGlob
    ? globSync(name.replaceAll('\\', '/'), { cwd: project })
        .map((match) => path.resolve(project, match))
        .filter((match) => statSync(match).isFile())
        .sort(compareCodeUnits)
    : [direct]
  if (found.length === 0) throw unreadable(name, `No file matches ${name}.`)
  return found.map((file) => ({
    path: file,
    name: isGlob ? path.basename(file) : name,
    packing: checkFile(file, name),
  }))
}

function checkFile(file: string, name: string): Packing {
  if (!existsSync(file)) throw unreadable(name, `The file ${name} is not there.`)
  if (!statSync(file).isFile()) throw unreadable(name, `${name} is a folder, not a file.`)
  try {
    return packingOf(firstBytes(file, 4))
  } catch (error) {
    throw unreadable(name, `The file ${name} can not be read: ${(error as Error).message.slice(0, 200)}`, error)
  }
}

/** What kind of file it is, by its first bytes, then by its name. */
export function formatOf(file: SourceFile, wanted: 'auto' | FileFormat): FileFormat {
  const head = firstBytes(file.path, 4096)
  const isParquet = head.subarray(0, 4).toString('latin1') === 'PAR1'
  if (wanted === 'parquet' && !isParquet)
    throw new ProblemError({
      code: 'file-format',
      message: `${file.name} is not a Parquet file.`,
      path: ['params', 'format'],
      fix: 'Let the format be found, or choose a Parquet file',
    })
  if (isParquet) {
    if (wanted === 'csv')
      throw new ProblemError({
        code: 'file-format',
        message: `${file.name} is a Parquet file, not CSV.`,
        path: ['params', 'format'],
        fix: 'Let the format be found',
      })
    return 'parquet'
  }
  const extension = path
    .extname(file.path.replace(/\.(gz|zst)$/i, ''))
    .slice(1)
    .toLowerCase()
  const isZip = head.subarray(0, 4).toString('latin1') === 'PK\u0003\u0004'
  const kind = notYet[extension] ?? (isZip ? notYet['zip'] : undefined)
  if (wanted === 'auto' && kind !== undefined) {
    const [what, cure] = kind.split('; ') as [string, string]
    throw new ProblemError({
      code: 'not-supported',
      message: `${file.name} is ${what}, which this version does not read.`,
      path: ['params', 'path'],
      fix: `${cure[0]!.toUpperCase()}${cure.slice(1)}`,
    })
  }
  return 'csv'
}
