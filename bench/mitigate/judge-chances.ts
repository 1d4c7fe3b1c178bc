/** What a rule does to people, in expectation where it draws lots. */
export interface Judgement {
  readonly accuracy: number
  /** Share of favourable decisions among women over that among men. */
  readonly impact: number
  /** The larger of the gaps in true and false positive rates. */
  readonly oddsGap: number
}

/** The chance of a favourable decision, what would have been right, and the group (0 or 1) of each person. */
export function judgeChances(
  chances: ArrayLike<number>,
  actual: ArrayLike<number>,
  group: ArrayLike<number>,
): Judgement {
  const people = new Float64Array(4)
  const favoured = new Float64Array(4)
  let right = 0
  for (let row = 0; row < actual.length; row++) {
    const cell = 2 * group[row]! + actual[row]!
    people[cell]! += 1
    favoured[cell]! += chances[row]!
    right += actual[row] ? chances[row]! : 1 - chances[row]!
  }
  const rate = (cell: number) => favoured[cell]! / people[cell]!
  const selected = (code: number) =>
    (favoured[2 * code]! + favoured[2 * code + 1]!) / (people[2 * code]! + people[2 * code + 1]!)
  return {
    accuracy: right / actual.length,
    impact: selected(1) === 0 ? (selected(0) === 0 ? 1 : Number.POSITIVE_INFINITY) : selected(0) / selected(1),
    oddsGap: Math.max(Math.abs(rate(0) - rate(2)), Math.abs(rate(1) - rate(3))),
  }
}

/** The means over splits; impacts above 1 count as their reciprocals, so that both sides of equal do not cancel out. */
export function meanJudgement(judged: readonly Judgement[]): Judgement | undefined {
  if (judged.length === 0) return undefined
  const mean = (value: (one: Judgement) => number) => judged.reduce((sum, one) => sum + value(one), 0) / judged.length
  const even = ({ impact }: Judgement) => (judged.length > 1 && impact > 1 ? 1 / impact : impact)
  return { accuracy: mean(({ accuracy }) => accuracy), impact: mean(even), oddsGap: mean(({ oddsGap }) => oddsGap) }
}

/** Which disparity a mitigation is meant to lower. */
export type Aim = 'selection' | 'odds'

/** 0 is equal: how far the smaller selection rate falls short of the larger, or the odds gap. */
export function disparityOf({ impact, oddsGap }: Judgement, aim: Aim): number {
  return aim === 'odds' ? oddsGap : 1 - Math.min(impact, 1 / impact)
}

/** Differences of disparity below this count as equal: a fifth of the standard error on the smallest of the tables. */
const equalWithin = 0.01

export type Verdict = 'held' | 'held: the peer says the same to all' | 'missed' | 'refused' | ''

/** The same decision for everybody has no disparity, and no use. */
const isConstant = ({ impact, oddsGap }: Judgement) => oddsGap < 1e-3 && Math.abs(impact - 1) < 1e-3

/** Held: at most 0.01 less accurate than the peer, at a disparity not above its, unless the peer decides nothing. */
export function compare(ours: Judgement | undefined, peer: Judgement | undefined, aim: Aim): Verdict {
  if (!ours) return 'refused'
  if (!peer) return ''
  const accurate = ours.accuracy >= peer.accuracy - 0.01
  if (isConstant(peer)) return accurate && !isConstant(ours) ? 'held: the peer says the same to all' : 'missed'
  const even = disparityOf(ours, aim) <= disparityOf(peer, aim) + equalWithin
  return accurate && even ? 'held' : 'missed'
}
