import { choleskyFactor, choleskySolve } from '../linalg/cholesky.ts'

/**
 * Minimises ½ b'Gb - c'b + Σ l_j |b_j| (G positive semidefinite, l ≥ 0) by cyclic coordinate descent (Friedman, Hastie &
 * Tibshirani 2010, Journal of Statistical Software 33:1): b_j = S(slope_j + G_jj b_j, l_j) / G_jj with soft threshold S.
 * Once the set of non-zero entries stands still, its linear system with fixed signs is solved outright, so that the
 * answer is exact where it is unique. Ends when no entry breaks the optimality conditions by more than the tolerance.
 */
export interface Quadratic {
  readonly diagonal: Float64Array
  /** c_j - (Gb)_j at the present b. */
  slope(j: number): number
  /** Adds to entry j of b. */
  move(j: number, by: number): void
  entry(i: number, j: number): number
}

export interface AbsoluteMinimum {
  /** Passes over all entries. */
  readonly passes: number
  readonly converged: boolean
}

const innerPasses = 20
/** Larger sets of non-zero entries are left to the descent. */
const mostSolved = 1_500

/** Changes `b`, which the quadratic must stand at. */
export function minimiseAbsolute(
  quadratic: Quadratic,
  limits: Float64Array,
  b: Float64Array,
  { tolerance, maxPasses }: { readonly tolerance: number; readonly maxPasses: number },
): AbsoluteMinimum {
  const all = Array.from(b.keys())
  let before = ''
  for (let pass = 1; pass <= maxPasses; pass++) {
    if (descend(quadratic, limits, b, all) <= tolerance) return { passes: pass, converged: true }
    const active = all.filter((j) => b[j] !== 0)
    for (let inner = 0; inner < innerPasses; inner++) if (descend(quadratic, limits, b, active) <= tolerance) break
    const signs = active.map((j) => (b[j]! > 0 ? j + 1 : -j - 1)).join()
    if (signs === before && active.length <= mostSolved) solveActive(quadratic, limits, b, active)
    before = signs
  }
  return { passes: maxPasses, converged: false }
}

/** One pass of single-entry minima; the largest breach of optimality that it met. */
function descend(
  { diagonal, slope, move }: Quadratic,
  limits: Float64Array,
  b: Float64Array,
  entries: readonly number[],
) {
  let worst = 0
  for (const j of entries) {
    const curvature = diagonal[j]!
    if (!(curvature > 0)) continue
    const pull = slope(j) + curvature * b[j]!
    const limit = limits[j]!
    const next = pull > limit ? (pull - limit) / curvature : pull < -limit ? (pull + limit) / curvature : 0
    const by = next - b[j]!
    if (by === 0) continue
    worst = Math.max(worst, Math.abs(by) * curvature)
    b[j] = next
    move(j, by)
  }
  return worst
}

/** The exact minimum over the active entries with their signs, taken when the signs stay. */
function solveActive({ slope, move, entry }: Quadratic, limits: Float64Array, b: Float64Array, active: number[]): void {
  const n = active.length
  const gram = new Float64Array(n * n)
  for (let r = 0; r < n; r++) for (let s = 0; s <= r; s++) gram[r * n + s] = entry(active[r]!, active[s]!)
  if (!choleskyFactor(gram, n, 1e-10)) return
  // twice: the second step takes away the rounding of the first
  for (let step = 0; step < 2; step++) {
    const by = Float64Array.from(active, (j) => slope(j) - Math.sign(b[j]!) * limits[j]!)
    choleskySolve(gram, n, by)
    if (active.some((j, r) => Math.sign(b[j]! + by[r]!) !== Math.sign(b[j]!))) return
    active.forEach((j, r) => {
      b[j]! += by[r]!
      move(j, by[r]!)
    })
  }
}

/** G as a full symmetric row-major matrix; c - Gb is kept up to date. */
export function gramQuadratic(gram: Float64Array, c: Float64Array, b: Float64Array): Quadratic {
  const n = c.length
  const slopes = c.slice()
  const move = (j: number, by: number) => {
    for (let k = 0, at = j * n; k < n; k++, at++) slopes[k]! -= by * gram[at]!
  }
  b.forEach((value, j) => {
    if (value !== 0) move(j, value)
  })
  return {
    diagonal: Float64Array.from({ length: n }, (_, j) => gram[j * n + j]!),
    slope: (j) => slopes[j]!,
    move,
    entry: (i, j) => gram[i * n + j]!,
  }
}
