import type { Matrix } from '../matrix.ts'
import { moments } from '../statistics/moments.ts'
import { sortedValues } from '../statistics/quantiles.ts'
import { studentTQuantile } from '../statistics/student-t.ts'
import { needRows, rowOf, type ScoreRows, scoreFilled } from './score-rows.ts'

export interface AccumulatedEffects {
  /** Ends of the bins; a bin holds (lower, upper], the first its lower end too. */
  readonly edges: Float64Array
  /** Effect at each edge, with mean 0 over the rows. */
  readonly effects: Float64Array
  /** Rows in the bin that ends at the edge; 0 at the first. */
  readonly sizes: Float64Array
  /** Half a Student's t interval of the bin's own mean change; NaN where there are fewer than two rows. */
  readonly half: Float64Array
}

/**
 * Accumulated local effects of a number (Apley & Zhu 2020, JRSS B 82:1059): mean change of the score from one end of a
 * bin to the other, over the rows in it only, added up from bin to bin and centred by the bins' midpoints. Unlike
 * partial dependence it never asks about combinations far from the data. Bins end at type 1 quantiles (inverse of the
 * empirical distribution) as in R's ALEPlot; PyALE means the same but takes n - 1 for n, so its edges can be one value
 * lower. Rows without a value are left out.
 */
export async function accumulatedEffects(
  score: ScoreRows,
  rows: Matrix,
  column: number,
  bins = 20,
  confidence = 0.95,
): Promise<AccumulatedEffects> {
  needRows(rows, 'table to vary')
  const cells = Float64Array.from({ length: rows.rows }, (_, row) => rows.values[row * rows.columns + column]!)
  const known = Uint32Array.from(cells.keys()).filter((row) => !Number.isNaN(cells[row]!))
  const edges = binEdges(cells, bins)
  if (edges.length < 2)
    return {
      edges,
      effects: new Float64Array(edges.length),
      sizes: edges.map(() => 0),
      half: edges.map(() => Number.NaN),
    }
  const bin = Int32Array.from(known, (row) => binOf(edges, cells[row]!))
  const scores = await scoreFilled(score, known.length * 2, rows.columns, (at, values, start) => {
    const place = at >> 1
    values.set(rowOf(rows, known[place]!), start)
    values[start + column] = edges[bin[place]! - 1 + (at & 1)]!
  })
  return accumulate(edges, bin, scores, confidence)
}

/** The least value and the distinct type 1 quantiles at 1/bins, 2/bins, ... 1. */
function binEdges(cells: Float64Array, bins: number): Float64Array {
  const sorted = sortedValues(cells)
  if (sorted.length === 0) return sorted
  const edges = new Set([sorted[0]!])
  for (let k = 1; k <= bins; k++) edges.add(sorted[Math.ceil((k * sorted.length) / bins) - 1]!)
  return Float64Array.from(edges)
}

/** The first edge at or above the value, at least 1. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [1, edges.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (edges[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

function accumulate(
  edges: Float64Array,
  bin: Int32Array,
  scores: Float64Array,
  confidence: number,
): AccumulatedEffects {
  const changes: number[][] = Array.from(edges, () => [])
  bin.forEach((k, place) => {
    changes[k]!.push(scores[2 * place + 1]! - scores[2 * place]!)
  })
  const sizes = Float64Array.from(changes, ({ length }) => length)
  const effects = new Float64Array(edges.length)
  const half = new Float64Array(edges.length).fill(Number.NaN)
  let centre = 0
  for (let k = 1; k < edges.length; k++) {
    const { n, mean, sampleVariance } = moments(Float64Array.from(changes[k]!))
    effects[k] = effects[k - 1]! + (n > 0 ? mean : 0)
    if (n > 1) half[k] = studentTQuantile((1 + confidence) / 2, n - 1) * Math.sqrt(sampleVariance / n)
    centre += (((effects[k]! + effects[k - 1]!) / 2) * n) / bin.length
  }
  return { edges, effects: effects.map((effect) => effect - centre), sizes, half }
}
