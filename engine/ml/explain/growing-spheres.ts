import type { Matrix } from '../matrix.ts'
import { createRandom, type Random } from '../random/random.ts'
import { admit, type ChangeRule, type Counterfactual, shortage, stack, type WantedScore } from './change-rules.ts'
import { rowOf, type ScoreRows, scoreAll } from './score-rows.ts'
import { tightenChange } from './tighten-change.ts'

export interface SpheresOptions {
  /** Rows drawn in each shell. */
  readonly samples?: number
  readonly seed?: number | string
}

/** Halvings of the first ball, and shells at most. */
const mostRounds = 200

/**
 * Growing Spheres (Laugel, Lesot, Marsala, Renard & Detyniecki 2018, IPMU; arXiv 1712.08443): draws rows in a ball
 * around `row`, halves it while some of them have the wanted score, then grows shells outward until one does; of those
 * the nearest, with its columns taken back where they are not needed. Numbers only: categories stay. Distances are in
 * steps of each column's scale, every row drawn keeps the rules, and the last step goes on to take numbers back.
 * Undefined where no shell within the columns' ranges reaches the wanted score.
 */
export async function growingSpheres(
  score: ScoreRows,
  rules: readonly ChangeRule[],
  row: Float64Array,
  wanted: WantedScore,
  { samples = 500, seed = 0 }: SpheresOptions = {},
): Promise<Counterfactual | undefined> {
  const random = createRandom(seed).split('growing-spheres')
  const free = [...rules.keys()].filter((j) => rules[j]!.may !== 'not' && !rules[j]!.levels && !Number.isNaN(row[j]!))
  const reached = async (inner: number, outer: number) => {
    const drawn = drawShell(rules, row, free, samples, inner, outer, random)
    const scores = await scoreAll(score, drawn)
    return nearest(rules, row, drawn, scores, wanted)
  }
  if (free.length === 0) return undefined
  const farthest = Math.hypot(...free.map((j) => reach(rules[j]!, row[j]!)))
  let radius = 1
  let found = await reached(0, radius)
  for (let round = 0; found && round < mostRounds; round++) {
    const inside = await reached(0, radius / 2)
    if (!inside) break
    found = inside
    radius /= 2
  }
  const step = Math.max(radius, farthest / mostRounds)
  for (let inner = radius; !found && inner < farthest; inner += step) found = await reached(inner, inner + step)
  return found && tightenChange(score, rules, row, found, wanted)
}

/** Steps from a value to the farther end of its range. */
const reach = ({ low, high, scale }: ChangeRule, value: number) =>
  Math.max(Math.abs(high - value), Math.abs(value - low)) / scale

/** Rows evenly within a shell, as far as the rules let them. */
function drawShell(
  rules: readonly ChangeRule[],
  row: Float64Array,
  free: readonly number[],
  samples: number,
  inner: number,
  outer: number,
  random: Random,
): Matrix {
  const dimensions = free.length
  const drawn = Array.from({ length: samples }, () => {
    const direction = Float64Array.from(free, () => random.normal())
    const length = Math.hypot(...direction)
    const share = (inner / outer) ** dimensions
    const radius = outer * (share + (1 - share) * random.uniform()) ** (1 / dimensions)
    const candidate = row.slice()
    free.forEach((j, k) => {
      const { may, scale } = rules[j]!
      const move = (direction[k]! / length) * radius * scale
      const allowed = may === 'rise' ? Math.abs(move) : may === 'fall' ? -Math.abs(move) : move
      candidate[j] = admit(rules[j]!, row[j]!, row[j]! + allowed)
    })
    return candidate
  })
  return stack(drawn)
}

function nearest(
  rules: readonly ChangeRule[],
  row: Float64Array,
  drawn: Matrix,
  scores: Float64Array,
  wanted: WantedScore,
): Float64Array | undefined {
  let best: Float64Array | undefined
  let least = Number.POSITIVE_INFINITY
  scores.forEach((score, at) => {
    if (shortage(wanted, score) > 0) return
    const candidate = rowOf(drawn, at)
    const distance = Math.hypot(
      ...rules.map(({ scale }, j) => (candidate[j] === row[j] ? 0 : (candidate[j]! - row[j]!) / scale || 0)),
    )
    if (distance < least) [best, least] = [candidate, distance]
  })
  return best?.slice()
}
