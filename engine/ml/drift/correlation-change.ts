import type { Matrix } from '../matrix.ts'
import { holm } from '../statistics/multiple-testing.ts'
import { normalTwoSided } from '../statistics/normal.ts'

/**
 * Pairs of columns whose Pearson correlation has changed: z = (artanh r₁ - artanh r₂) / √(1/(n₁ - 3) + 1/(n₂ - 3))
 * (Fisher 1921, Metron 1:3), p-values adjusted for the number of pairs by Holm. The test supposes about normal columns:
 * heavy tails make it reject too often, so put such columns on a suitable scale first.
 */
export interface CorrelationChange {
  readonly columns: readonly [number, number]
  readonly before: number
  readonly after: number
  readonly z: number
  readonly pValue: number
  /** Holm over all pairs told here. */
  readonly adjusted: number
}

/**
 * Every pair of columns, the surest change first. Rows with a value that is not finite in either column of a pair are
 * left out for that pair; pairs with a constant column, or fewer than four rows on a side, are not told.
 */
export function correlationChanges(reference: Matrix, current: Matrix): CorrelationChange[] {
  const changes: Omit<CorrelationChange, 'adjusted'>[] = []
  for (let i = 1; i < reference.columns; i++)
    for (let j = 0; j < i; j++) {
      const change = pairChange(reference, current, j, i)
      if (change) changes.push(change)
    }
  const adjusted = holm(changes.map(({ pValue }) => pValue))
  return changes
    .map((change, index) => ({ ...change, adjusted: adjusted[index]! }))
    .sort((a, b) => Math.abs(b.z) - Math.abs(a.z))
}

function pairChange(reference: Matrix, current: Matrix, i: number, j: number) {
  const before = correlation(reference, i, j)
  const after = correlation(current, i, j)
  if (!before || !after) return undefined
  const z = (artanh(before.r) - artanh(after.r)) / Math.sqrt(1 / (before.n - 3) + 1 / (after.n - 3))
  return { columns: [i, j] as const, before: before.r, after: after.r, z, pValue: normalTwoSided(z) }
}

/** A perfect correlation counts as one just short of it, so that two perfect ones do not differ and z stays finite. */
const artanh = (r: number) => Math.atanh(Math.min(1 - 1e-12, Math.max(-1 + 1e-12, r)))

function correlation({ rows, columns, values }: Matrix, i: number, j: number): { r: number; n: number } | undefined {
  const a: number[] = []
  const b: number[] = []
  for (let row = 0; row < rows; row++) {
    const x = values[row * columns + i]!
    const y = values[row * columns + j]!
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue
    a.push(x)
    b.push(y)
  }
  const n = a.length
  if (n < 4) return undefined
  const meanA = a.reduce((sum, value) => sum + value, 0) / n
  const meanB = b.reduce((sum, value) => sum + value, 0) / n
  let squaresA = 0
  let squaresB = 0
  let products = 0
  for (let row = 0; row < n; row++) {
    const x = a[row]! - meanA
    const y = b[row]! - meanB
    squaresA += x * x
    squaresB += y * y
    products += x * y
  }
  return isConstant(a) || isConstant(b) ? undefined : { r: products / Math.sqrt(squaresA * squaresB), n }
}

const isConstant = (values: readonly number[]) => values.every((value) => value === values[0])
