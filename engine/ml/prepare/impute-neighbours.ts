import type { Frame } from '#contract'
import { columnOf } from '../frame.ts'
import type { Graph } from '../onnx/graph-builder.ts'
import { doubleType } from './block.ts'
import { emitDivision } from './emit-scaling.ts'

/**
 * A missing number becomes the mean of its column in the nearest training rows that have one (Troyanskaya et al. 2001,
 * Bioinformatics 17:520), as scikit-learn's KNNImputer with uniform weights after a StandardScaler: distances are Euclidean
 * over the columns that both rows have, each divided by its training deviation, times columns / compared columns.
 * Equally near rows are taken in their own order. The rows travel inside the model, so their number is limited.
 */
export interface Neighbours {
  readonly count: number
  readonly columns: readonly string[]
  /** What each column's differences are divided by. */
  readonly spreads: readonly number[]
  /** By column, by kept training row; null is missing. */
  readonly values: readonly (readonly (number | null)[])[]
}

export interface NeighbourOptions {
  readonly count: number
  /** Training rows kept; more of them are thinned out evenly. */
  readonly rows: number
}

function deviation(values: Float64Array): number {
  const present = values.filter(Number.isFinite)
  const mean = present.reduce((sum, value) => sum + value, 0) / present.length
  const spread = Math.sqrt(present.reduce((sum, value) => sum + (value - mean) ** 2, 0) / present.length)
  return spread > 0 && Number.isFinite(spread) ? spread : 1
}

/** `columns` as the training rows hold them; infinite values count as missing. */
export function fitNeighbours(
  columns: readonly { readonly name: string; readonly values: Float64Array }[],
  { count, rows: most }: NeighbourOptions,
): Neighbours {
  const rows = columns[0]?.values.length ?? 0
  const kept = Math.min(most, rows)
  const places = Array.from({ length: kept }, (_, i) => Math.floor((i * rows) / kept))
  return {
    count,
    columns: columns.map(({ name }) => name),
    spreads: columns.map(({ values }) => deviation(values)),
    values: columns.map(({ values }) => places.map((row) => (Number.isFinite(values[row]!) ? values[row]! + 0 : null))),
  }
}

/** Estimates of each column where it is missing, NaN elsewhere and where no row can be compared. */
export function estimateByNeighbours(neighbours: Neighbours, frame: Frame): ReadonlyMap<string, Float64Array> {
  const { columns, spreads, count } = neighbours
  const kept = neighbours.values.map((of) => Float64Array.from(of, (value) => value ?? Number.NaN))
  const raw = columns.map((name) => {
    const { cells } = columnOf(frame, name)
    return cells.kind === 'number' ? cells.values : new Float64Array(frame.rows).fill(Number.NaN)
  })
  const estimates = raw.map(() => new Float64Array(frame.rows).fill(Number.NaN))
  const distances = new Float64Array(kept[0]?.length ?? 0)
  const table = new Float64Array(distances.length * columns.length)
  kept.forEach((of, j) => {
    for (let other = 0; other < of.length; other++) table[other * columns.length + j] = of[other]!
  })
  for (let row = 0; row < frame.rows; row++) {
    if (raw.every((values) => Number.isFinite(values[row]!))) continue
    measure(raw, table, spreads, row, distances)
    for (let j = 0; j < columns.length; j++)
      if (!Number.isFinite(raw[j]![row]!)) estimates[j]![row] = meanOfNearest(distances, kept[j]!, count)
  }
  return new Map(columns.map((name, j) => [name, estimates[j]!]))
}

/** Squared distances of a row to all rows of the table (row-major, NaN is missing); NaN where they share no column. */
function measure(
  raw: readonly Float64Array[],
  table: Float64Array,
  spreads: readonly number[],
  row: number,
  out: Float64Array,
): void {
  const width = raw.length
  const own = Float64Array.from(raw, (values) => values[row]!)
  const present = Uint32Array.from(own.keys()).filter((j) => Number.isFinite(own[j]!))
  for (let other = 0, at = 0; other < out.length; other++, at += width) {
    let sum = 0
    let shared = 0
    for (let k = 0; k < present.length; k++) {
      const j = present[k]!
      const theirs = table[at + j]!
      if (Number.isNaN(theirs)) continue
      const gap = (own[j]! - theirs) / spreads[j]!
      sum += gap * gap
      shared++
    }
    out[other] = shared === 0 ? Number.NaN : (sum / shared) * width
  }
}

function meanOfNearest(distances: Float64Array, donors: Float64Array, count: number): number {
  const places: number[] = []
  let farthest = Number.POSITIVE_INFINITY
  for (let other = 0; other < donors.length; other++) {
    if (!(distances[other]! < farthest) || Number.isNaN(donors[other]!)) continue
    let at = places.length
    while (at > 0 && distances[places[at - 1]!]! > distances[other]!) at--
    if (at >= count) continue
    places.splice(at, 0, other)
    if (places.length > count) places.pop()
    if (places.length === count) farthest = distances[places[count - 1]!]!
  }
  return places.reduce((sum, place) => sum + donors[place]!, 0) / places.length
}

/** Estimates `[N, 1]` of each column from the raw columns; NaN where no row can be compared. */
export function emitNeighbours(graph: Graph, neighbours: Neighbours): ReadonlyMap<string, string> {
  const { columns, spreads, values, count } = neighbours
  const rows = values[0]?.length ?? 0
  const zero = graph.number(0)
  const infinity = graph.number(Number.POSITIVE_INFINITY)
  let sum = ''
  let shared = ''
  const constant = (of: readonly number[]) => graph.constant('double', [1, rows], Float64Array.from(of))
  columns.forEach((name, j) => {
    const raw = graph.input(name, 'double', ['N', 1])
    const there = graph.apply('Not', [graph.apply('Or', [graph.apply('IsNaN', [raw]), graph.apply('IsInf', [raw])])])
    const theirs = graph.constant(
      'bool',
      [1, rows],
      Uint8Array.from(values[j]!, (value) => (value === null ? 0 : 1)),
    )
    const both = graph.apply('And', [there, theirs])
    const gap = emitDivision(
      graph,
      graph.apply('Sub', [raw, constant(values[j]!.map((value) => value ?? 0))]),
      spreads[j]!,
    )
    const square = graph.apply('Where', [both, graph.apply('Mul', [gap, gap]), zero])
    const one = graph.apply('Cast', [both], { to: { int: doubleType } })
    sum = sum ? graph.apply('Add', [sum, square]) : square
    shared = shared ? graph.apply('Add', [shared, one]) : one
  })
  const scaled = graph.apply('Mul', [graph.apply('Div', [sum, shared]), graph.number(columns.length)])
  const unknown = graph.apply('Equal', [shared, zero])
  const distances = graph.apply('Where', [unknown, infinity, scaled])
  return new Map(columns.map((name, j) => [name, emitNearestMean(graph, distances, values[j]!, count)]))
}

function emitNearestMean(graph: Graph, distances: string, donors: readonly (number | null)[], count: number): string {
  const infinity = graph.number(Number.POSITIVE_INFINITY)
  const present = graph.constant(
    'bool',
    [1, donors.length],
    Uint8Array.from(donors, (value) => (value === null ? 0 : 1)),
  )
  const own = graph.apply('Where', [present, distances, infinity])
  const most = Math.min(count, donors.length)
  const nearest = graph.constant('int64', [1], [most])
  const [far, places] = graph.node('TopK', [own, nearest], { largest: { int: 0 }, axis: { int: 1 } }, { outputs: 2 })
  const table = graph.constant(
    'double',
    [donors.length],
    Float64Array.from(donors, (value) => value ?? 0),
  )
  const usable = graph.apply('Not', [graph.apply('IsInf', [far!])])
  const given = graph.apply('Where', [usable, graph.apply('Gather', [table, places!]), graph.number(0)])
  // Summed one after another, as in `meanOfNearest`, so that both round alike.
  const parts =
    most > 1
      ? graph.node('Split', [given], { axis: { int: 1 }, num_outputs: { int: most } }, { outputs: most })
      : [given]
  const total = parts.reduce((sum, part) => graph.apply('Add', [sum, part]))
  const found = graph.apply('Cast', [usable], { to: { int: doubleType } })
  return graph.apply('Div', [total, graph.apply('ReduceSum', [found, graph.constant('int64', [1], [1])])])
}
