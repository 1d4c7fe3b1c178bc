import type { Matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { explainRows, type Solved } from './explain-rows.ts'
import type { Contributions } from './linear-shap.ts'
import type { MaskedGame } from './masked-game.ts'
import type { ScoreRows } from './score-rows.ts'

export interface PermutationShapOptions {
  /** Orders walked there and back for each row; shap walks 10. */
  readonly rounds?: number
  readonly seed?: number | string
  readonly onProgress?: (fraction: number) => void
}

/**
 * Permutation SHAP (Castro, Gomez & Tejada 2009, Computers & OR 36:1726; antithetic as in shap's PermutationExplainer
 * and Mitchell et al. 2022, JMLR 23:43): players join in a random order, then leave in the same order, and each is
 * credited with the mean change. Every round adds up to the score less the base, and one is exact for models whose
 * interactions involve two players at most. 2 M - 2 coalitions a round. Standard errors are those of the rounds' mean.
 */
export function permutationShap(
  score: ScoreRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  { rounds = 10, seed = 0, onProgress }: PermutationShapOptions = {},
): Promise<Contributions> {
  const random = createRandom(seed).split('permutation-shap')
  return explainRows(score, x, background, sources, (game, row) => walk(game, rounds, random.split(row)), onProgress)
}

async function walk(game: MaskedGame, rounds: number, random: Random): Promise<Solved> {
  const { players, empty, full } = game
  const inner = players - 1
  const orders = Array.from({ length: rounds }, () => random.permutation(players))
  const members = new Uint8Array(rounds * 2 * inner * players)
  orders.forEach((order, round) => {
    for (let step = 1; step < players; step++) {
      const joined = (round * 2 * inner + step - 1) * players
      const stayed = joined + inner * players
      for (let k = 0; k < players; k++) {
        members[joined + order[k]!] = k < step ? 1 : 0
        members[stayed + order[k]!] = k < step ? 0 : 1
      }
    }
  })
  const worths = inner > 0 ? await game.worth(members) : new Float64Array(0)
  const values = new Float64Array(players)
  const squares = new Float64Array(players)
  orders.forEach((order, round) => {
    const at = round * 2 * inner
    const joining = (step: number) => (step === 0 ? empty : step === players ? full : worths[at + step - 1]!)
    const leaving = (step: number) => (step === 0 ? full : step === players ? empty : worths[at + inner + step - 1]!)
    for (let k = 0; k < players; k++) {
      const player = order[k]!
      const gain = (joining(k + 1) - joining(k) + leaving(k) - leaving(k + 1)) / 2
      const gap = gain - values[player]!
      values[player]! += gap / (round + 1)
      squares[player]! += gap * (gain - values[player]!)
    }
  })
  if (rounds < 2) return { values }
  return { values, errors: squares.map((sum) => Math.sqrt(sum / (rounds - 1) / rounds)) }
}
