import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { ParquetWriter, rowGroupRows } from '#compute/parquet/write-parquet'
import { temporaryFile } from '#compute/temporary-file'
import { describeColumn } from '#compute/write-frame'
import type { Cells, Column, FrameColumn, Table } from '#contract'
import { printDocument } from '#graph/print'
import { openStore, type Store } from '#store/open-store'
import { putValue } from '#store/values'

export interface TableSize {
  readonly rows: number
  readonly columns: number
}

export interface WideProject {
  readonly folder: string
  readonly file: string
  /** The table's own Parquet file, which peers read too. */
  readonly parquet: string
  readonly columns: readonly Column[]
}

/** Draws whole numbers below a bound; xorshift32 (Marsaglia 2003), seeded by column and row group. */
function drawer(seed: number): (bound: number) => number {
  let state = (seed * 2654435761 + 88675123) | 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return Math.floor(((state >>> 0) / 4294967296) * bound)
  }
}

const letters = (code: number) =>
  String.fromCharCode(97 + (code % 26), 97 + ((code * 7 + 3) % 26), 97 + ((code * 11) % 26))
const levelsOf = (word: string, count: number) =>
  Array.from({ length: count }, (_, code) => `${word} ${letters(code)}${String(code).padStart(3, '0')}`)

interface Kind {
  readonly name: string
  readonly type: Column['type']
  /** One cell, for numbers, dates and flags. */
  readonly number?: (draw: (bound: number) => number, row: number) => number
  readonly levels?: readonly string[]
}

const day = 86_400_000
const kinds: readonly Kind[] = [
  { name: 'age', type: 'integer', number: (draw) => 18 + draw(73) },
  { name: 'income', type: 'number', number: (draw) => (draw(900) + draw(900) + 100) * 50 },
  { name: 'branch', type: 'text', levels: levelsOf('branch', 8) },
  { name: 'ratio', type: 'number', number: (draw) => draw(1_001) / 1_000 },
  { name: 'opened', type: 'date', number: (draw) => (10_957 + draw(9_000)) * day },
  { name: 'city', type: 'text', levels: levelsOf('city', 40) },
  { name: 'employed', type: 'boolean', number: (draw) => (draw(10) < 6 ? 1 : 0) },
  { name: 'amount', type: 'number', number: (draw) => draw(100_000_000) / 100 },
  { name: 'score', type: 'number', number: (draw) => 300 + draw(1_101) / 2 },
  { name: 'product', type: 'text', levels: levelsOf('product', 500) },
]
const missingShare = 20

/** The first column has a text of its own in every row, so that searches and sorts meet the worst. */
const everyRow = 'person'

export function wideColumns(count: number): Column[] {
  return Array.from({ length: count }, (_, index) => {
    if (index === 0) return { name: everyRow, type: 'text', nullable: true }
    const kind = kinds[index % kinds.length]!
    return { name: `${kind.name}_${index}`, type: kind.type, nullable: true }
  })
}

function cellsOf(index: number, start: number, rows: number): Cells {
  const draw = drawer(index * 1_009 + start / rowGroupRows)
  if (index === 0) {
    const levels = Array.from(
      { length: rows },
      (_, row) => `${letters(row)} person ${String(start + row).padStart(8, '0')}`,
    )
    const order = Array.from(levels.keys()).sort((a, b) => (levels[a]! < levels[b]! ? -1 : 1))
    const codes = new Int32Array(rows)
    order.forEach((row, code) => {
      codes[row] = code
    })
    return { kind: 'text', codes, levels: order.map((row) => levels[row]!) }
  }
  const { number, levels } = kinds[index % kinds.length]!
  const missing = index % 3 === 1 ? missingShare : Number.POSITIVE_INFINITY
  if (levels) {
    const codes = Int32Array.from({ length: rows }, () => (draw(missing) === 1 ? -1 : draw(levels.length)))
    return { kind: 'text', codes, levels }
  }
  const values = new Float64Array(rows)
  for (let row = 0; row < rows; row++) values[row] = draw(missing) === 1 ? Number.NaN : number!(draw, start + row)
  return { kind: 'number', values }
}

/** Levels have to be sorted; those of the kinds are by their letters only by chance. */
function inOrder(cells: Cells): Cells {
  if (cells.kind === 'number') return cells
  const order = [...cells.levels.keys()].sort((a, b) => (cells.levels[a]! < cells.levels[b]! ? -1 : 1))
  const place = new Int32Array(order.length)
  order.forEach((code, rank) => {
    place[code] = rank
  })
  return {
    kind: 'text',
    codes: cells.codes.map((code) => (code < 0 ? -1 : place[code]!)),
    levels: order.map((code) => cells.levels[code]!),
  }
}

async function writeWide(store: Store, { rows, columns: count }: TableSize): Promise<Table> {
  const columns = wideColumns(count)
  const file = temporaryFile(store.temporary, 'parquet')
  const writer = new ParquetWriter(file, columns)
  for (let start = 0; start < rows; start += rowGroupRows) {
    const size = Math.min(rowGroupRows, rows - start)
    // a column's cells are made when they are written: two hundred at once would fill the memory
    const frame = columns.map((column, index): FrameColumn => {
      return {
        ...column,
        get cells() {
          return inOrder(cellsOf(index, start, size))
        },
      }
    })
    writer.writeGroup({ rows: size, columns: frame })
  }
  writer.close()
  return { kind: 'table', rows, columns: columns.map(describeColumn), data: await store.files.adopt(file) }
}

/**
 * A project whose only node seems to have read the wide table: it read a line, and the table took that one's place in the
 * lineage. Made once and kept in the ignored folder of results.
 */
export async function wideProject(size: TableSize): Promise<WideProject> {
  const folder = path.resolve(import.meta.dirname, '../results/table', `${size.rows}x${size.columns}`)
  const file = path.join(folder, 'wide.plumb.json')
  const ready = path.join(folder, 'ready.json')
  if (!existsSync(ready)) {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    writeFileSync(path.join(folder, 'plumbline.json'), '{ "name": "Wide table" }\n')
    writeFileSync(path.join(folder, 'line.csv'), 'a,b\n1,2\n')
    writeFileSync(file, document())
    const bin = path.resolve(import.meta.dirname, '../../bin/plumbline.mjs')
    execFileSync(process.execPath, [bin, 'run', file], { stdio: 'ignore' })
    writeFileSync(ready, JSON.stringify({ parquet: await swapTable(folder, size) }))
  }
  const { parquet } = (await import(ready, { with: { type: 'json' } })).default as { parquet: string }
  return { folder, file, parquet: path.join(folder, parquet), columns: wideColumns(size.columns) }
}

function document(): string {
  return printDocument({
    format: 1,
    name: 'Wide table',
    description: '',
    seed: 1,
    nodes: { wide: { type: 'data/read-file', version: 1, params: { path: 'line.csv' } } },
    edges: [],
    inputs: {},
    layout: { wide: [0, 0] },
    frames: [],
    notes: [],
  })
}

async function swapTable(folder: string, size: TableSize): Promise<string> {
  const store = openStore(folder)
  try {
    const table = await writeWide(store, size)
    const { hash, bytes } = await putValue(store.files, table)
    const { db } = store
    db.run(
      'INSERT INTO artifacts (hash, kind, bytes, rows, columns, made_at) VALUES (?, ?, ?, ?, ?, ?)',
      hash,
      'table',
      bytes,
      size.rows,
      size.columns,
      new Date(0).toISOString(),
    )
    db.run('INSERT INTO artifact_references (artifact, content) VALUES (?, ?)', hash, table.data)
    db.run("UPDATE step_outputs SET artifact = ? WHERE port = 'table'", hash)
    db.run("UPDATE cache_outputs SET artifact = ? WHERE port = 'table'", hash)
    return path.relative(folder, store.files.path(table.data))
  } finally {
    store.close()
  }
}
