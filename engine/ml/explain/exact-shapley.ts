import type { MaskedGame } from './masked-game.ts'

/**
 * Shapley values from the worth of every coalition (Shapley 1953, A value for n-person games):
 * phi_i = sum over S without i of |S|! (M - |S| - 1)! / M! (v(S + i) - v(S)).
 */
export async function exactShapley(game: MaskedGame): Promise<Float64Array> {
  const { players, empty, full } = game
  const coalitions = 2 ** players
  const members = new Uint8Array((coalitions - 2) * players)
  for (let set = 1; set < coalitions - 1; set++)
    for (let i = 0; i < players; i++) members[(set - 1) * players + i] = (set >>> i) & 1
  const between = coalitions > 2 ? await game.worth(members) : new Float64Array(0)
  const worth = (set: number) => (set === 0 ? empty : set === coalitions - 1 ? full : between[set - 1]!)
  const weights = marginalWeights(players)
  const values = new Float64Array(players)
  for (let set = 0; set < coalitions - 1; set++) {
    const weight = weights[memberCount(set)]!
    const without = worth(set)
    for (let i = 0; i < players; i++) if (!((set >>> i) & 1)) values[i]! += weight * (worth(set | (1 << i)) - without)
  }
  return values
}

/** s! (M - s - 1)! / M! for s = 0 to M - 1. */
function marginalWeights(players: number): Float64Array {
  const weights = new Float64Array(players)
  weights[0] = 1 / players
  for (let s = 1; s < players; s++) weights[s] = (weights[s - 1]! * s) / (players - s)
  return weights
}

function memberCount(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
