import { choleskyFactor, choleskyInverse, choleskySolve } from '../linalg/cholesky.ts'
import { addGram, multiplyTransposed } from '../linalg/products.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { chooseCoalitions, type WeightedCoalitions } from './choose-coalitions.ts'
import { exactShapley } from './exact-shapley.ts'
import { explainRows, type Solved } from './explain-rows.ts'
import type { Contributions } from './linear-shap.ts'
import type { MaskedGame } from './masked-game.ts'
import type { ScoreRows } from './score-rows.ts'

export interface KernelShapOptions {
  /** Coalitions scored a row, each over the whole background; default 2 M + 2048, at least 2 M. */
  readonly samples?: number
  readonly seed?: number | string
  readonly onProgress?: (fraction: number) => void
}

/** More players than this are never counted out: 2^20 coalitions fill the memory long before they end. */
const mostExact = 20

/**
 * Kernel SHAP (Lundberg & Lee 2017, NeurIPS, theorem 2) of any model: exact when `samples` reaches 2^M for M players,
 * else the weighted least squares of shap's KernelExplainer with l1_reg=0 (its default drops features, ours never
 * does) over whole sizes of coalition and paired draws (Covert & Lee 2021, AISTATS). The values always add up to the
 * score less the base, which is the background's mean score. Columns of the same source are one player. Standard errors
 * are those of the drawn coalitions (White 1980, Econometrica 48:817, a pair being one observation).
 */
export function kernelShap(
  score: ScoreRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  { samples, seed = 0, onProgress }: KernelShapOptions = {},
): Promise<Contributions> {
  const random = createRandom(seed).split('kernel-shap')
  const solve = async (game: MaskedGame, row: number): Promise<Solved> => {
    const budget = Math.max(2 * game.players, samples ?? 2 * game.players + 2048)
    if (game.players <= mostExact && budget >= 2 ** game.players) return { values: await exactShapley(game) }
    return sampledShapley(game, budget, random.split(row))
  }
  return explainRows(score, x, background, sources, solve, onProgress)
}

async function sampledShapley(game: MaskedGame, samples: number, random: Random): Promise<Solved> {
  const chosen = chooseCoalitions(game.players, samples, random)
  return solveConstrained(game, chosen, await game.worth(chosen.members))
}

/** Minimises sum w (v(S) - v(0) - sum of phi in S)^2 where all phi add up to v(all) - v(0): the last one is eliminated. */
function solveConstrained(
  { players, empty, full }: MaskedGame,
  chosen: WeightedCoalitions,
  worths: Float64Array,
): Solved {
  const { members, weights } = chosen
  const free = players - 1
  const design = matrix(weights.length, free)
  const gaps = new Float64Array(weights.length)
  for (let c = 0; c < weights.length; c++) {
    const last = members[c * players + free]!
    gaps[c] = worths[c]! - empty - last * (full - empty)
    for (let j = 0; j < free; j++) design.values[c * free + j] = members[c * players + j]! - last
  }
  const gram = new Float64Array(free * free)
  const values = new Float64Array(players)
  const solution = values.subarray(0, free)
  addGram(design, weights, gram)
  multiplyTransposed(
    design,
    gaps.map((gap, c) => weights[c]! * gap),
    solution,
  )
  if (!choleskyFactor(gram, free)) throw new RangeError('the coalitions do not tell the players apart')
  choleskySolve(gram, free, solution)
  values[free] = solution.reduce((rest, value) => rest - value, full - empty)
  return { values, errors: drawingErrors(chosen, design, gaps, solution, choleskyInverse(gram, free)) }
}

/** Square roots of the diagonal of G^-1 (sum over drawn pairs of e e') G^-1, where e = sum w r d is a pair's pull. */
function drawingErrors(
  { weights, drawnFrom, draw }: WeightedCoalitions,
  design: Matrix,
  gaps: Float64Array,
  solution: Float64Array,
  inverse: Float64Array,
): Float64Array {
  const free = design.columns
  const variances = new Float64Array(free + 1)
  const pull = new Float64Array(free)
  for (let c = drawnFrom; c < weights.length; c += 2) {
    pull.fill(0)
    for (const one of [c, c + 1]) {
      let residual = gaps[one]!
      for (let j = 0; j < free; j++) residual -= design.values[one * free + j]! * solution[j]!
      for (let j = 0; j < free; j++) pull[j]! += weights[one]! * residual * design.values[one * free + j]!
    }
    const times = weights[c]! / draw
    let last = 0
    for (let i = 0; i < free; i++) {
      let moved = 0
      for (let j = 0; j < free; j++) moved += inverse[i * free + j]! * pull[j]!
      variances[i]! += (moved * moved) / times
      last += moved
    }
    variances[free]! += (last * last) / times
  }
  return variances.map(Math.sqrt)
}
