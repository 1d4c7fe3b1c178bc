import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Groups } from '#ml/fairness/protected-groups'
import { type Matrix, matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'

/** A table of people as numbers, split by a fixed seed: 70 % to learn from, 30 % to judge by. */
export interface Prepared {
  /** Standardised by the learning rows; one column a level of text; the last column is sex, 1 = male. */
  readonly train: Part
  readonly test: Part
  /** Columns of `x` that hold measured numbers. */
  readonly numeric: readonly number[]
}

export interface Part {
  readonly x: Matrix
  /** 1 = favourable: an income above 50,000, a good credit, no default. */
  readonly actual: Uint8Array
  /** 0 female, 1 male. */
  readonly groups: Groups
}

interface Source {
  readonly name: string
  /** How many splits are averaged: more for a table that is small. */
  readonly splits: number
  readonly file: string
  readonly header?: readonly string[]
  readonly drop: readonly string[]
  readonly text?: readonly string[]
  readonly outcome: readonly [column: string, favourable: string]
  readonly sex: readonly [column: string, male: string]
}

const sources: readonly Source[] = [
  {
    name: 'Adult',
    splits: 1,
    file: 'adult/adult.data',
    header:
      'age workclass fnlwgt education education_num marital_status occupation relationship race sex capital_gain capital_loss hours_per_week native_country income'.split(
        ' ',
      ),
    drop: ['fnlwgt'],
    outcome: ['income', '>50K'],
    sex: ['sex', 'Male'],
  },
  {
    name: 'German credit',
    splits: 30,
    file: 'german_credit/german_credit.csv',
    drop: ['personal_status_sex'],
    outcome: ['credit_risk', 'good'],
    sex: ['sex', 'male'],
  },
  {
    name: 'Credit default',
    splits: 1,
    file: 'credit_default/default_of_credit_card_clients.csv',
    drop: [],
    text: ['EDUCATION', 'MARRIAGE'],
    outcome: ['default payment', '0'],
    sex: ['SEX', '1'],
  },
]

/** The folder of the public data, beside the project; undefined where it is not there. */
export function dataFolder(): string | undefined {
  const folder = path.resolve(import.meta.dirname, '../../../shared/data')
  return sources.every(({ file }) => existsSync(path.join(folder, file))) ? folder : undefined
}

export interface Table {
  readonly name: string
  readonly splits: readonly Prepared[]
}

export function prepareAll(folder: string): readonly Table[] {
  return sources.map((source) => ({ name: source.name, splits: prepare(source, folder) }))
}

function prepare(source: Source, folder: string): readonly Prepared[] {
  const lines = readFileSync(path.join(folder, source.file), 'utf8').split(/\r?\n/)
  const records = lines.filter((line) => line.trim() !== '').map(splitLine)
  const header = source.header ?? records.shift()!
  const cells = (name: string) => records.map((record) => record[header.indexOf(name)]!)
  const used = header.filter((name) => ![...source.drop, source.outcome[0], source.sex[0]].includes(name))
  const isText = (name: string) => source.text?.includes(name) || cells(name).some((cell) => !Number.isFinite(+cell))
  const blocks = used.map((name) => (isText(name) ? oneHot(cells(name)) : [Float64Array.from(cells(name), Number)]))
  const male = Float64Array.from(cells(source.sex[0]), (cell) => (cell === source.sex[1] ? 1 : 0))
  const outcome = Uint8Array.from(cells(source.outcome[0]), (cell) => (cell === source.outcome[1] ? 1 : 0))
  const measured = blocks.map((block, at) => block.length === 1 && !isText(used[at]!))
  const starts = blocks.map((_, at) => blocks.slice(0, at).reduce((sum, { length }) => sum + length, 0))
  const numeric = starts.filter((_, at) => measured[at])
  return Array.from({ length: source.splits }, (_, split) => {
    const order = createRandom(0).split(source.name).split(split).permutation(records.length)
    const cut = Math.round(0.7 * order.length)
    const learning = order.slice(0, cut)
    const columns = blocks.flatMap((block, at) => (measured[at] ? [standardised(block[0]!, learning)] : block))
    const part = (rows: Uint32Array): Part => ({
      x: gather([...columns, male], rows),
      actual: Uint8Array.from(rows, (row) => outcome[row]!),
      groups: { codes: Int32Array.from(rows, (row) => male[row]!), names: ['female', 'male'], missing: -1 },
    })
    return { train: part(learning), test: part(order.slice(cut)), numeric }
  })
}

/** Cells of a line of comma-separated values, without the spaces around them. */
export function splitLine(line: string): string[] {
  return Array.from(line.matchAll(/(?:^|,)\s*(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
    quoted === undefined ? plain!.trim() : quoted.replaceAll('""', '"'),
  )
}

/** One column of 0 and 1 a level, in the order of the levels. */
function oneHot(cells: readonly string[]): Float64Array[] {
  const levels = [...new Set(cells)].sort()
  return levels.map((level) => Float64Array.from(cells, (cell) => (cell === level ? 1 : 0)))
}

function standardised(column: Float64Array, rows: Uint32Array): Float64Array {
  const mean = rows.reduce((sum, row) => sum + column[row]!, 0) / rows.length
  const variance = rows.reduce((sum, row) => sum + (column[row]! - mean) ** 2, 0) / rows.length
  return column.map((value) => (variance > 0 ? (value - mean) / Math.sqrt(variance) : 0))
}

function gather(columns: readonly Float64Array[], rows: Uint32Array): Matrix {
  const out = matrix(rows.length, columns.length)
  rows.forEach((row, i) => {
    for (let j = 0; j < columns.length; j++) out.values[i * columns.length + j] = columns[j]![row]!
  })
  return out
}
