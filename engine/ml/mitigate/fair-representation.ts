import { ProblemError } from '#contract'
import { kMeans } from '../cluster/k-means.ts'
import type { Groups } from '../fairness/protected-groups.ts'
import { minimiseLbfgs } from '../linear/lbfgs.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { membershipsOf, representationObjective, type Shape, unpack } from './representation-objective.ts'

/**
 * Learned fair representations (Zemel, Wu, Swersky, Pitassi & Dwork 2013, ICML, PMLR 28:325): each row is told by how much
 * it belongs to each of some prototypes, so that the prototypes rebuild the row, predict its outcome, and are as common
 * in one group as in another. Minimises
 *   reconstruction · L_x + prediction · L_y + parity · L_z
 * over prototypes v, their chances w and a scale α of each column in each group, where
 *   M_nk = softmax_k(-Σ_j α_j (x_j - v_kj)²), x̂_n = Σ_k M_nk v_k, ŷ_n = Σ_k M_nk w_k.
 * Followed is the paper: squared distances with learned scales (aif360 0.6.1 takes plain distances without scales).
 * Decided here: L_x and L_y are means, as aif360's, so that their weights do not depend on the number of rows; L_z = Σ_k
 * |share of k in one group - in the other|, the mean over pairs where there are more groups, with √(u² + 10⁻⁸) for |u|;
 * prototypes begin at the means of k-means groups, with their rates, and scales at twice the rows per inertia, where
 * aif360 draws both at random. With its default weights aif360 gives everybody the same decision; the defaults here were
 * chosen to stay useful on the tables of docs/mitigation.md.
 */
export interface RepresentationOptions {
  /** How many; 10 unless given. */
  readonly prototypes?: number
  /** A_x; 0.01 unless given. */
  readonly reconstruction?: number
  /** A_y; 1 unless given. */
  readonly prediction?: number
  /** A_z; 1 unless given. */
  readonly parity?: number
  /** Rounds of the search; 100 unless given. */
  readonly rounds?: number
  /** 0 unless given. */
  readonly seed?: number
  readonly onRound?: (round: number) => void
}

const sharpness = 2

export interface FairRepresentation {
  /** Prototypes by columns. */
  readonly prototypes: Matrix
  /** The chance of a favourable outcome of each prototype. */
  readonly chances: Float64Array
  /** Of each group, the weight of each column in distances. */
  readonly scales: readonly Float64Array[]
  readonly objective: number
  /** False where the rounds were used up; the fit is then good enough, not the best. */
  readonly converged: boolean
}

/** Standardised columns without missing values; actual 1 = favourable. */
export function fitFairRepresentation(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  options: RepresentationOptions = {},
): FairRepresentation {
  const { prototypes = 10, rounds = 100, seed = 0 } = options
  if (!(prototypes >= 1 && prototypes <= x.rows))
    throw new ProblemError({
      code: 'parameter-bad',
      message: `A fair representation was asked for ${prototypes} prototypes of ${x.rows} rows.`,
      fix: `Choose 1 to ${x.rows} prototypes.`,
    })
  const shape: Shape = { prototypes, columns: x.columns, groups: groups.names.length }
  const weights = {
    reconstruction: options.reconstruction ?? 0.01,
    prediction: options.prediction ?? 1,
    parity: options.parity ?? 1,
  }
  const objective = representationObjective(x, actual, groups, shape, weights)
  const minimum = minimiseLbfgs(objective, beginning(x, actual, shape, seed), {
    tolerance: 1e-5,
    maxIterations: rounds,
    ...(options.onRound && { onIteration: options.onRound }),
  })
  return { ...unpack(minimum.parameters, shape), objective: minimum.value, converged: minimum.converged }
}

/** Prototypes at the means of k-means groups, each with its group's rate; scales that tell near from far ones. */
function beginning(x: Matrix, actual: Uint8Array, { prototypes, columns, groups }: Shape, seed: number): Float64Array {
  const { centres, labels, inertia } = kMeans(x, prototypes, createRandom(seed).split('fair representation'))
  const start = new Float64Array(prototypes * columns + prototypes + groups * columns)
  start.set(centres.values)
  const rows = new Float64Array(prototypes).fill(2)
  const favoured = new Float64Array(prototypes).fill(1)
  labels.forEach((label, row) => {
    rows[label]! += 1
    favoured[label]! += actual[row]!
  })
  for (let k = 0; k < prototypes; k++)
    start[prototypes * columns + k] = Math.log(favoured[k]! / (rows[k]! - favoured[k]!))
  const scale = inertia > 0 ? sharpness * (x.rows / inertia) : 1
  start.fill(Math.log(scale), prototypes * (columns + 1))
  return start
}

export interface Represented {
  /** How much each row belongs to each prototype: rows by prototypes, each row sums to 1. */
  readonly memberships: Matrix
  /** The rows as the prototypes rebuild them. */
  readonly rebuilt: Matrix
  /** The chance of a favourable outcome. */
  readonly chances: Float64Array
}

/** The representation of rows, new ones too; group codes as in the fit. */
export function representFairly(model: FairRepresentation, x: Matrix, groups: Groups): Represented {
  const { prototypes, chances, scales } = model
  const memberships = matrix(x.rows, prototypes.rows)
  const rebuilt = matrix(x.rows, x.columns)
  const out = new Float64Array(x.rows)
  for (let row = 0; row < x.rows; row++) {
    const own = memberships.values.subarray(row * prototypes.rows, (row + 1) * prototypes.rows)
    membershipsOf(x, row, prototypes, scales[groups.codes[row]!]!, own)
    for (let k = 0; k < own.length; k++) {
      out[row]! += own[k]! * chances[k]!
      for (let j = 0; j < x.columns; j++)
        rebuilt.values[row * x.columns + j]! += own[k]! * prototypes.values[k * x.columns + j]!
    }
  }
  return { memberships, rebuilt, chances: out }
}
