import type { Explanation, FeaturePoints, FrameColumn, RunContext } from '#contract'
import { interactionHint, rankShades } from '#ml/explain/feature-points'
import { cellText, columnOf } from '#ml/frame'
import { type Matrix, matrix } from '#ml/matrix'
import { treeInteractions } from '#ml/tree-shap/tree-interactions'
import { rounded } from './explained-person.ts'
import { type Explainable, type ExplainedOutputs, playersOf, pushesOf, rowsOf } from './explained-rows.ts'
import { readTrees } from './trees-way.ts'
import type { Way } from './way.ts'

const mostPoints = 150
const mostFeatures = 8

/** Numbers of a column, or for texts the mean contribution of each level: an order that says something. */
function ordered({ cells }: FrameColumn, contributions: Float64Array): Float64Array {
  if (cells.kind === 'number') return cells.values
  const [sums, counts] = [new Float64Array(cells.levels.length), new Float64Array(cells.levels.length)]
  cells.codes.forEach((code, row) => {
    if (code < 0) return
    sums[code]! += contributions[row]!
    counts[code]!++
  })
  return Float64Array.from(cells.codes, (code) => (code < 0 ? Number.NaN : sums[code]! / counts[code]!))
}

function shownCell(column: FrameColumn, row: number): number | string | null {
  if (column.cells.kind === 'number' && column.type !== 'boolean' && column.type !== 'date') {
    const value = column.cells.values[row]!
    return Number.isFinite(value) ? value : null
  }
  return cellText(column, row)
}

/** Which of the explained rows are drawn. */
function drawnPoints(count: number): readonly number[] {
  const step = Math.max(1, Math.ceil(count / mostPoints))
  return Array.from({ length: Math.ceil(count / step) }, (_, at) => at * step)
}

/** Where the drawn rows stand in the table. */
export const pointPlaces = (rows: Uint32Array): readonly number[] => drawnPoints(rows.length).map((row) => rows[row]!)

/** The first rows of the sample, which are a draw themselves, for the features that count most. */
export function featurePoints(
  { subject }: Explainable,
  all: ExplainedOutputs,
  features: Explanation['features'],
): readonly FeaturePoints[] | undefined {
  if (subject !== 'columns') return undefined
  const own = rowsOf(all, 0)
  const shown = features.slice(0, mostFeatures).filter(({ importance }) => importance > 0)
  const found = shown.map(({ feature }) => {
    const column = columnOf(own.frame, feature)
    const contributions = pushesOf(own, feature)
    return { feature, column, contributions, values: ordered(column, contributions) }
  })
  const rows = drawnPoints(own.rows.length)
  return found.map((one) => {
    const hints = found.map((other) =>
      other === one ? -1 : interactionHint(one.values, one.contributions, rankShades(other.values)),
    )
    const best = hints.indexOf(Math.max(...hints))
    const strongest = found[best]
    return {
      feature: one.feature,
      values: rows.map((row) => shownCell(one.column, row)),
      contributions: rows.map((row) => rounded(one.contributions[row]!)),
      ...(strongest && strongest !== one && hints[best]! > 0 && { strongest: strongest.feature }),
    }
  })
}

const mostInteractionRows = 60
/** Prepared columns: a row has their square of numbers. */
const mostColumns = 500
/** Work that is done for interactions: about a second. */
const mostWork = 2e8

/** Numbers of squares that are held at once. */
const mostCells = 1 << 22

/** Exact interaction values of trees on some rows, added up to raw columns; undefined where there are none or too many. */
export async function treeInteractionsOf(
  explained: Explainable,
  { others }: Way,
  all: ExplainedOutputs,
  features: Explanation['features'],
  context: RunContext,
): Promise<Explanation['interactions']> {
  const { model, method, subject } = explained
  const trees = method === 'tree-path-dependent' || method === 'tree-interventional'
  if (!trees || subject !== 'columns' || !all.matrix) return undefined
  if (all.matrix.columns > mostColumns) return undefined
  const { ensemble } = await readTrees(model, context)
  const output = ensemble.outputs === 1 ? 0 : all.outputs[0]!.place
  const x = all.matrix
  const nodes = ensemble.trees.reduce((sum, tree) => sum + tree.feature.length, 0) / ensemble.outputs
  const depth = Math.min(x.columns, Math.log2(nodes / Math.max(1, ensemble.trees.length / ensemble.outputs)) + 2)
  const sides = others ? others.rows : 1
  const affordable = Math.floor(mostWork / (nodes * depth ** 3 * sides + x.columns ** 2))
  const rows = Math.min(x.rows, mostInteractionRows, affordable)
  if (rows < 5) return undefined
  const names = features.slice(0, mostFeatures).map(({ feature }) => feature)
  const place = new Map(names.map((name, at) => [name, at]))
  const players = playersOf(explained).map((player) => place.get(player) ?? -1)
  const sums = new Float64Array(names.length ** 2)
  const square = x.columns ** 2
  const each = Math.max(1, Math.floor(mostCells / square))
  for (let from = 0; from < rows; from += each) {
    const part = spreadRows(x, from, Math.min(rows, from + each), rows)
    const { values } = treeInteractions(ensemble, part, others, output)
    for (let row = 0; row < part.rows; row++)
      addSquare(values.subarray(row * square, (row + 1) * square), players, names.length, sums)
    context.progress(0.95 + (0.04 * (from + part.rows)) / rows, 'interactions')
  }
  return { features: names, rows, values: Array.from(sums, (sum) => rounded(sum / rows)) }
}

/** Rows from..to of `count` that lie evenly over all. */
function spreadRows(x: Matrix, from: number, to: number, count: number): Matrix {
  const part = matrix(to - from, x.columns)
  for (let row = from; row < to; row++) {
    const at = Math.floor((row * x.rows) / count)
    part.values.set(x.values.subarray(at * x.columns, (at + 1) * x.columns), (row - from) * x.columns)
  }
  return part
}

/** Adds one row's absolute interactions of raw columns: cells of prepared columns add up before. */
function addSquare(values: Float64Array, players: readonly number[], width: number, sums: Float64Array): void {
  const square = new Float64Array(width * width)
  const columns = players.length
  for (let i = 0; i < columns; i++)
    for (let j = 0; j < columns; j++) {
      const [a, b] = [players[i]!, players[j]!]
      if (a >= 0 && b >= 0) square[a * width + b]! += values[i * columns + j]!
    }
  // both halves of a pair are one interaction
  square.forEach((value, at) => {
    const alone = Math.floor(at / width) === at % width
    sums[at]! += Math.abs(value) * (alone ? 1 : 2)
  })
}
