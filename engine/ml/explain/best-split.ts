import type { Matrix } from '../matrix.ts'

export interface Split {
  readonly column: number
  readonly threshold: number
  readonly missingLeft: boolean
  /** Squared error saved. */
  readonly gain: number
  readonly left: Uint32Array
  readonly right: Uint32Array
}

interface Cut {
  readonly threshold: number
  readonly missingLeft: boolean
  readonly gain: number
}

/** Splits that save less than this share of a node's squared error are rounding. */
const leastGain = 1e-12

/** The split of these rows that saves most squared error of the scores; undefined where none saves any. */
export function bestSplit(x: Matrix, scores: Float64Array, rows: Uint32Array, minRows: number): Split | undefined {
  const mean = rows.reduce((sum, row) => sum + scores[row]! / rows.length, 0)
  const gaps = Float64Array.from(rows, (row) => scores[row]! - mean)
  const error = gaps.reduce((sum, gap) => sum + gap * gap, 0)
  if (error <= Number.EPSILON * Math.max(1, mean * mean) * rows.length) return undefined
  let best: (Cut & { readonly column: number }) | undefined
  for (let column = 0; column < x.columns; column++) {
    const cells = Float64Array.from(rows, (row) => x.values[row * x.columns + column]!)
    const cut = bestCut(cells, gaps, minRows)
    if (cut && cut.gain > Math.max(leastGain * error, (best?.gain ?? 0) * (1 + leastGain))) best = { ...cut, column }
  }
  if (!best) return undefined
  const { column, threshold, missingLeft } = best
  const goesLeft = (row: number) => {
    const value = x.values[row * x.columns + column]!
    return Number.isNaN(value) ? missingLeft : value <= threshold
  }
  return { ...best, left: rows.filter(goesLeft), right: rows.filter((row) => !goesLeft(row)) }
}

/** The best threshold of one column; `gaps` are the scores less their mean. */
function bestCut(cells: Float64Array, gaps: Float64Array, minRows: number): Cut | undefined {
  const order = Uint32Array.from(cells.keys())
    .filter((at) => !Number.isNaN(cells[at]!))
    .sort((a, b) => cells[a]! - cells[b]! || a - b)
  const missing = cells.length - order.length
  const missingSum = cells.reduce((sum, cell, at) => (Number.isNaN(cell) ? sum + gaps[at]! : sum), 0)
  let best: Cut | undefined
  const consider = (threshold: number, missingLeft: boolean, sum: number, count: number) => {
    const others = cells.length - count
    if (count < minRows || others < minRows || count === 0 || others === 0) return
    // the gaps add up to 0, so the other side's sum is -sum
    const gain = sum * sum * (1 / count + 1 / others)
    if (gain > (best?.gain ?? 0) * (1 + leastGain)) best = { threshold, missingLeft, gain }
  }
  let sum = 0
  for (let k = 0; k < order.length; k++) {
    sum += gaps[order[k]!]!
    const here = cells[order[k]!]!
    const next = k + 1 < order.length ? cells[order[k + 1]!]! : Number.POSITIVE_INFINITY
    if (next === here) continue
    const threshold = k + 1 < order.length ? between(here, next) : Number.POSITIVE_INFINITY
    consider(threshold, false, sum, k + 1)
    if (missing > 0 && k + 1 < order.length) consider(threshold, true, sum + missingSum, k + 1 + missing)
  }
  return best
}

/** The midpoint, or the lower value where rounding would reach the upper one. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2
  return middle < high ? middle : low
}
