import type { Random } from '../random/random.ts'

/** Coalitions with their weights in the regression of Kernel SHAP; `members` holds a byte a player. */
export interface WeightedCoalitions {
  readonly members: Uint8Array
  readonly weights: Float64Array
  /** Coalitions from this one on were drawn, each beside its complement; `draw` is the weight of one draw. */
  readonly drawnFrom: number
  readonly draw: number
}

interface SizePair {
  readonly size: number
  /** Coalitions of this size and, unless it is the same, of the others. */
  readonly coalitions: number
  /** Their part of the Shapley kernel. */
  readonly weight: number
}

/**
 * Whole sizes of coalition (with the size of the others) from the outside in while the budget covers what the Shapley
 * kernel (M - 1) / (C(M, s) s (M - s)) would draw of them, then random coalitions of the sizes left, each with its
 * complement; those drawn twice count twice. As in shap's KernelExplainer. The smallest size is always whole, so the
 * regression is determined.
 */
export function chooseCoalitions(players: number, samples: number, random: Random): WeightedCoalitions {
  const pairs = sizePairs(players)
  const found = new Map<string, { readonly members: Uint8Array; weight: number }>()
  const add = (members: Uint8Array, weight: number) => {
    const key = String.fromCharCode(...members)
    const known = found.get(key)
    if (known) known.weight += weight
    else found.set(key, { members, weight })
  }
  let left = samples
  let whole = 0
  let weightLeft = 1
  while (
    whole < pairs.length &&
    (whole === 0 || left * (pairs[whole]!.weight / weightLeft) >= pairs[whole]!.coalitions)
  ) {
    const { size, coalitions, weight } = pairs[whole]!
    for (const members of subsets(players, size)) {
      add(members, weight / coalitions)
      if (2 * size !== players) add(complement(members), weight / coalitions)
    }
    left -= coalitions
    weightLeft -= weight
    whole++
  }
  const open = pairs.slice(whole)
  const draws = Math.max(open.length > 0 ? 1 : 0, Math.floor(left / 2))
  const drawnFrom = found.size
  for (let draw = 0; draw < draws; draw++) {
    const members = drawMembers(players, drawSize(open, random), random)
    add(members, weightLeft / draws / 2)
    add(complement(members), weightLeft / draws / 2)
  }
  return { ...flatten(players, [...found.values()]), drawnFrom, draw: weightLeft / Math.max(1, draws) / 2 }
}

/** Sizes 1 and M - 1, 2 and M - 2, ... with weights that add up to 1. */
function sizePairs(players: number): SizePair[] {
  const pairs: SizePair[] = []
  let binomial = 1
  for (let size = 1; 2 * size <= players; size++) {
    binomial = (binomial * (players - size + 1)) / size
    const both = 2 * size === players ? 1 : 2
    pairs.push({ size, coalitions: binomial * both, weight: (both * (players - 1)) / (size * (players - size)) })
  }
  const total = pairs.reduce((sum, { weight }) => sum + weight, 0)
  return pairs.map((pair) => ({ ...pair, weight: pair.weight / total }))
}

function* subsets(players: number, size: number): Generator<Uint8Array> {
  const chosen = Array.from({ length: size }, (_, k) => k)
  for (;;) {
    const members = new Uint8Array(players)
    for (const player of chosen) members[player] = 1
    yield members
    let k = size - 1
    while (k >= 0 && chosen[k] === players - size + k) k--
    if (k < 0) return
    chosen[k]!++
    for (let next = k + 1; next < size; next++) chosen[next] = chosen[next - 1]! + 1
  }
}

const complement = (members: Uint8Array) => members.map((member) => 1 - member)

function drawSize(open: readonly SizePair[], random: Random): number {
  let point = random.uniform() * open.reduce((sum, { weight }) => sum + weight, 0)
  for (const { size, weight } of open) {
    point -= weight
    if (point < 0) return size
  }
  return open.at(-1)!.size
}

function drawMembers(players: number, size: number, random: Random): Uint8Array {
  const members = new Uint8Array(players)
  const order = random.permutation(players)
  for (let k = 0; k < size; k++) members[order[k]!] = 1
  return members
}

function flatten(
  players: number,
  list: readonly { readonly members: Uint8Array; readonly weight: number }[],
): Pick<WeightedCoalitions, 'members' | 'weights'> {
  const members = new Uint8Array(list.length * players)
  list.forEach((coalition, index) => members.set(coalition.members, index * players))
  return { members, weights: Float64Array.from(list, ({ weight }) => weight) }
}
