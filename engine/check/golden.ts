import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import type { Cells, Table } from '#contract'
import type { NodeBench, NodeOutputs } from './node-bench.ts'

/**
 * Golden outputs: `golden.json` beside a node holds a summary of what its example gives.
 *
 * Numbers may differ in their last digits from one processor to another, and a byte that differs in a Parquet or ONNX file
 * says nothing about how much. So hashes and sizes of files are left out (that the same seed gives the same bytes is a test
 * of its own): the value documents are compared number by number to 1e-9, and tables by a summary of each column. Long lists
 * are summarised by length, sum and first entries.
 */
export async function goldenSummary(bench: NodeBench, outputs: NodeOutputs): Promise<unknown> {
  const entries = await Promise.all(
    Object.entries(outputs).map(async ([port, value]) => {
      const summary = summarise(value)
      return [
        port,
        value.kind === 'table' ? { ...(summary as object), cells: await tableSummary(bench, value) } : summary,
      ] as const
    }),
  )
  return Object.fromEntries(entries)
}

/** A metric that says it measured this machine. */
export function isMeasured(value: object): boolean {
  return 'measured' in value && value.measured === true
}

const longList = 24
const firstEntries = 3

function summarise(value: unknown): unknown {
  if (typeof value === 'string') return /^[0-9a-f]{64}$/.test(value) ? '<hash>' : shortText(value)
  if (Array.isArray(value)) return value.length <= longList ? value.map(summarise) : summariseList(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, item]) => item !== undefined && key !== 'onnxBytes' && !(key === 'value' && isMeasured(value)))
      .map(([key, item]) => [key, summarise(item)]),
  )
}

function summariseList(list: readonly unknown[]): unknown {
  const numbers = list.filter((item) => typeof item === 'number')
  return {
    length: list.length,
    ...(numbers.length > 0 ? { sum: numbers.reduce((sum, number) => sum + number, 0) } : {}),
    first: list.slice(0, firstEntries).map(summarise),
    last: summarise(list.at(-1)),
  }
}

function shortText(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 120)}… (${text.length} letters, ${digest(text)})`
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

async function tableSummary(bench: NodeBench, table: Table): Promise<unknown> {
  const frame = await bench.read(table)
  return Object.fromEntries(frame.columns.slice(0, 60).map((column) => [column.name, cellsSummary(column.cells)]))
}

function cellsSummary(cells: Cells): unknown {
  if (cells.kind === 'text') {
    const texts = Array.from(cells.codes, (code) => (code < 0 ? null : cells.levels[code]!))
    return {
      missing: texts.filter((text) => text === null).length,
      distinct: new Set(texts).size,
      digest: digest(JSON.stringify(texts)),
    }
  }
  const present = cells.values.filter((value) => !Number.isNaN(value))
  const moment = (power: number) => present.reduce((sum, value, index) => sum + value ** power * (1 + (index % 7)), 0)
  const range =
    present.length > 0
      ? { min: present.reduce((a, b) => Math.min(a, b)), max: present.reduce((a, b) => Math.max(a, b)) }
      : {}
  return { missing: cells.values.length - present.length, ...range, sum: moment(1) }
}

const tolerance = 1e-9

/** Places where two summaries differ by more than the last digits. */
export function goldenDifferences(expected: unknown, actual: unknown, place = ''): string[] {
  if (typeof expected === 'number' && typeof actual === 'number') {
    const close = Math.abs(expected - actual) <= tolerance * Math.max(1, Math.abs(expected), Math.abs(actual))
    return close ? [] : [`${place}: ${actual}, golden ${expected}`]
  }
  if (typeof expected !== 'object' || typeof actual !== 'object' || expected === null || actual === null)
    return Object.is(expected, actual)
      ? []
      : [`${place}: ${JSON.stringify(actual)}, golden ${JSON.stringify(expected)}`]
  const [a, b] = [expected as Record<string, unknown>, actual as Record<string, unknown>]
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    goldenDifferences(a[key], b[key], place ? `${place}.${key}` : key),
  )
}

/** Compares with the golden file, or writes it when PLUMBLINE_UPDATE_GOLDEN is 1. */
export function compareWithGolden(file: string, summary: unknown): string[] {
  const actual = JSON.parse(JSON.stringify(summary)) as unknown
  if (process.env.PLUMBLINE_UPDATE_GOLDEN === '1') {
    writeFileSync(file, `${JSON.stringify(actual, null, 1)}\n`)
    return []
  }
  if (!existsSync(file)) return ['there is no golden.json: write it with PLUMBLINE_UPDATE_GOLDEN=1']
  return goldenDifferences(JSON.parse(readFileSync(file, 'utf8')) as unknown, actual)
}
