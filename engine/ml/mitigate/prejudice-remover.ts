import type { Groups } from '../fairness/protected-groups.ts'
import { minimiseLbfgs } from '../linear/lbfgs.ts'
import type { Matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'

/**
 * Prejudice remover (Kamishima, Akaho, Asoh & Sakuma 2012, ECML PKDD): logistic regression with one set of coefficients
 * a group, minimising Σ loss + strength Σ_groups n_g KL(rate of g ‖ rate of all) + penalty / 2 |coefficients|². The
 * middle term is n times the mutual information of decision and group. As in the authors' code, which aif360 ships,
 * intercepts are penalised too, and the sums grow with the rows, so that strength weighs against the loss alike for
 * any number of rows, but the penalty does not. The objective isn't convex: the search begins at 0, as theirs;
 * their gradient is not that of their objective (it lets the overall rate move with the rows of every group), so their
 * search ends elsewhere: here the objective is followed.
 */
export interface PrejudiceFit {
  /** One a group: coefficients, then the intercept. */
  readonly sets: readonly Float64Array[]
  readonly objective: number
  readonly converged: boolean
}

export interface PrejudiceOptions {
  /** η; 1 unless given. */
  readonly strength?: number
  /** 1 unless given. */
  readonly penalty?: number
}

export function fitPrejudiceRemover(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  options: PrejudiceOptions = {},
): PrejudiceFit {
  requireComplete(x, 'The prejudice remover', 1)
  const block = x.columns + 1
  const evaluate = prejudiceObjective(x, actual, groups, options)
  const size = block * groups.names.length
  const minimum = minimiseLbfgs({ size, evaluate }, new Float64Array(size), {
    tolerance: 1e-9 * x.rows,
    maxIterations: 2_000,
  })
  return {
    sets: groups.names.map((_, group) => minimum.parameters.slice(group * block, (group + 1) * block)),
    objective: minimum.value,
    converged: minimum.converged,
  }
}

/** Fills the gradient and returns the value, for all groups' coefficients one after another. */
export function prejudiceObjective(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  { strength = 1, penalty = 1 }: PrejudiceOptions = {},
): (parameters: Float64Array, gradient: Float64Array) => number {
  const { rows, columns, values } = x
  const { codes, names } = groups
  const chances = new Float64Array(rows)
  const counts = new Float64Array(names.length)
  for (const code of codes) counts[code]!++
  return (parameters, gradient) => {
    const sums = new Float64Array(names.length)
    let value = 0
    for (let row = 0; row < rows; row++) {
      const margin = marginOf(parameters, codes[row]! * (columns + 1), values, row * columns, columns)
      chances[row] = 1 / (1 + Math.exp(-margin))
      sums[codes[row]!]! += chances[row]!
      const signed = actual[row] ? margin : -margin
      value += signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed
    }
    const { divergence, slopes } = dependence(sums, counts, rows)
    value += strength * divergence
    for (let at = 0; at < parameters.length; at++) {
      value += 0.5 * penalty * parameters[at]! ** 2
      gradient[at] = penalty * parameters[at]!
    }
    for (let row = 0; row < rows; row++) {
      const p = chances[row]!
      const from = codes[row]! * (columns + 1)
      const slope = p - actual[row]! + strength * slopes[codes[row]!]! * p * (1 - p)
      for (let j = 0; j < columns; j++) gradient[from + j]! += slope * values[row * columns + j]!
      gradient[from + columns]! += slope
    }
    return value
  }
}

function marginOf(parameters: Float64Array, from: number, values: Float64Array, at: number, columns: number): number {
  let margin = parameters[from + columns]!
  for (let j = 0; j < columns; j++) margin += parameters[from + j]! * values[at + j]!
  return margin
}

/** Σ n_g KL(q_g ‖ r), and its slope in each chance of the group: ln q_g / r - ln (1 - q_g) / (1 - r). */
function dependence(sums: Float64Array, counts: Float64Array, rows: number) {
  const inside = (rate: number) => Math.min(1 - 1e-15, Math.max(1e-15, rate))
  const r = inside(sums.reduce((total, sum) => total + sum, 0) / rows)
  const slopes = new Float64Array(counts.length)
  let divergence = 0
  counts.forEach((count, group) => {
    if (count === 0) return
    const q = inside(sums[group]! / count)
    const [favoured, refused] = [Math.log(q / r), Math.log((1 - q) / (1 - r))]
    slopes[group] = favoured - refused
    divergence += count * (q * favoured + (1 - q) * refused)
  })
  return { divergence, slopes }
}

/** The probability of a favourable outcome of each row. */
export function prejudiceChances({ sets }: Pick<PrejudiceFit, 'sets'>, x: Matrix, groups: Groups): Float64Array {
  return Float64Array.from({ length: x.rows }, (_, row) => {
    const margin = marginOf(sets[groups.codes[row]!]!, 0, x.values, row * x.columns, x.columns)
    return 1 / (1 + Math.exp(-margin))
  })
}
