import type { Matrix } from '../matrix.ts'

/** Where attacked rows may lie. */
export interface AttackSpace {
  /** Lowest and highest value of each column; infinite where there is none. */
  readonly low: Float64Array
  readonly high: Float64Array
  /** Columns that stay as they are. */
  readonly frozen?: readonly number[]
}

/** Euclidean distance, or the largest change of a cell. */
export type Norm = 'l2' | 'linf'

/** Every column within the same bounds. */
export const evenSpace = (
  columns: number,
  low = Number.NEGATIVE_INFINITY,
  high = Number.POSITIVE_INFINITY,
  frozen: readonly number[] = [],
): AttackSpace => ({
  low: new Float64Array(columns).fill(low),
  high: new Float64Array(columns).fill(high),
  frozen,
})

/** The box that the rows fill. */
export function spaceOf({ rows, columns, values }: Matrix, frozen: readonly number[] = []): AttackSpace {
  const low = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  const high = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY)
  for (let at = 0; at < rows * columns; at++) {
    const [j, value] = [at % columns, values[at]!]
    if (value < low[j]!) low[j] = value
    if (value > high[j]!) high[j] = value
  }
  return { low, high, frozen }
}

/** 1 for each column that may change. */
export function freeColumns({ low, high, frozen = [] }: AttackSpace): Uint8Array {
  const free = Uint8Array.from(low, (value, j) => (value < high[j]! ? 1 : 0))
  for (const j of frozen) free[j] = 0
  return free
}

/** Moves every free cell into its bounds and every other back to where it was; in place, row-major. */
export function clipInto({ low, high }: AttackSpace, free: Uint8Array, from: Float64Array, to: Float64Array): void {
  const columns = free.length
  for (let at = 0; at < to.length; at++) {
    const j = at % columns
    to[at] = free[j] ? Math.min(high[j]!, Math.max(low[j]!, to[at]!)) : from[at]!
  }
}

/** How far two rows are apart. */
export function distanceOf(norm: Norm, from: Float64Array, to: Float64Array): number {
  let sum = 0
  let largest = 0
  for (let j = 0; j < from.length; j++) {
    const gap = Math.abs(to[j]! - from[j]!)
    sum += gap * gap
    if (gap > largest) largest = gap
  }
  return norm === 'l2' ? Math.sqrt(sum) : largest
}
