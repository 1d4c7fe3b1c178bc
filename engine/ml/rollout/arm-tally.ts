import { latencyBin, latencyBins } from './latency-counts.ts'
import { addPair, joinPairs, noPairs, type Pair, type PairTally } from './paired-scores.ts'
import { addValue, joinSpreads, noSpread, type Spread } from './spread.ts'

/**
 * What is counted of one version's answers. All parts can be added up, so several servers, and a server before and after a
 * restart, count together. Shares are of people: rows with a key not seen before, so that one who asks a thousand times
 * counts once.
 */
export interface ArmTally {
  /** Rows, of people who asked before too. */
  readonly answers: number
  readonly people: number
  /** People to whom the version gave no answer. */
  readonly errors: number
  /** People whom the fallback rule answered. */
  readonly fallbacks: number
  /** People about whom the model decided, where a decision is favourable. */
  readonly decided: number
  readonly favourable: number
  readonly scores: Spread
  /** Times to answer by `latencyBin`; none behind the last that is not 0. */
  readonly latency: readonly number[]
  /** People decided about and favourably, by protected column and value. */
  readonly groups: Readonly<Record<string, Readonly<Record<string, readonly [decided: number, favourable: number]>>>>
  readonly outcomes: OutcomeTally
  /** Of a version in the shadow: its answers beside those that were given. */
  readonly pairs?: PairTally
}
export interface OutcomeTally {
  readonly n: number
  /** Outcomes that are a success. */
  readonly good: number
  /** Outcomes that are numbers. */
  readonly numbers: Spread
  /** Outcomes that decisions can be held against, and decisions that were not that. */
  readonly judged: number
  readonly wrong: number
  /** Of predicted numbers: how far the outcomes were from them. */
  readonly misses: Spread
}

export const noOutcomes: OutcomeTally = { n: 0, good: 0, numbers: noSpread, judged: 0, wrong: 0, misses: noSpread }
export const emptyTally: ArmTally = {
  answers: 0,
  people: 0,
  errors: 0,
  fallbacks: 0,
  decided: 0,
  favourable: 0,
  scores: noSpread,
  latency: [],
  groups: {},
  outcomes: noOutcomes,
}

/** Values of a protected column beyond so many are not told apart. */
const mostGroups = 30

/** One row as it was answered. */
export interface AnsweredRow {
  /** Whether this person was not counted before. */
  readonly first: boolean
  /** Time to answer, of one row a request and only where one version answered all of it, so that times can be compared. */
  readonly ms: number | undefined
  readonly failed: boolean
  readonly fallback: boolean
  /** Undefined where no decision is favourable, as of numbers. */
  readonly favourable: boolean | undefined
  readonly score: number | null
  /** Values of protected columns, as far as the row carries them. */
  readonly groups?: Readonly<Record<string, string>>
}

/** Counts rows in place; `take` gives what came together since the last time. */
export interface RunningTally {
  add(row: AnsweredRow): void
  /** An answer of a version in the shadow beside the one that was given. */
  pair(pair: Pair): void
  /** Rows that were not scored in the shadow. */
  drop(rows: number): void
  take(): ArmTally
}

export function runningTally(): RunningTally {
  let sums = freshSums()
  let latency = new Uint32Array(latencyBins)
  let pairs: PairTally | undefined
  return {
    add(row) {
      sums.answers++
      if (row.ms !== undefined && !row.failed && !row.fallback) latency[latencyBin(row.ms)]!++
      if (!row.first) return
      sums.people++
      if (row.failed) sums.errors++
      else if (row.fallback) sums.fallbacks++
      else decide(sums, row)
    },
    pair(pair) {
      pairs = addPair(pairs ?? noPairs, pair)
    },
    drop(rows) {
      pairs = { ...(pairs ?? noPairs), dropped: (pairs?.dropped ?? 0) + rows }
    },
    take() {
      const taken = { ...sums, latency: cut(latency), ...(pairs && { pairs }) }
      pairs = undefined
      sums = freshSums()
      latency = new Uint32Array(latencyBins)
      return taken
    },
  }
}

type Groups = Record<string, Record<string, [number, number]>>
const freshSums = () => ({ ...emptyTally, groups: {} as Groups })
type Sums = { -readonly [name in keyof ReturnType<typeof freshSums>]: ReturnType<typeof freshSums>[name] }

function decide(sums: Sums, row: AnsweredRow): void {
  if (row.score !== null) sums.scores = addValue(sums.scores, row.score)
  if (row.favourable === undefined) return
  sums.decided++
  if (row.favourable) sums.favourable++
  for (const [column, value] of Object.entries(row.groups ?? {})) {
    const count = groupCount(sums.groups, column, value, mostGroups)
    if (!count) continue
    count[0]++
    if (row.favourable) count[1]++
  }
}

/** Undefined where the column has as many values as are told apart. */
function groupCount(groups: Groups, column: string, value: string, most: number): [number, number] | undefined {
  groups[column] ??= {}
  const known = groups[column]
  if (!(value in known) && Object.keys(known).length < most) known[value] = [0, 0]
  return known[value]
}

function cut(counts: ArrayLike<number>): number[] {
  let length = counts.length
  while (length > 0 && counts[length - 1] === 0) length--
  return Array.from({ length }, (_, bin) => counts[bin]!)
}

/** What both counted together. */
export function joinTallies(a: ArmTally, b: ArmTally): ArmTally {
  const groups: Groups = {}
  for (const { groups: own } of [a, b])
    for (const [column, values] of Object.entries(own))
      for (const [value, [decided, favourable]] of Object.entries(values)) {
        const count = groupCount(groups, column, value, Number.POSITIVE_INFINITY)!
        count[0] += decided
        count[1] += favourable
      }
  const bins = Math.max(a.latency.length, b.latency.length)
  return {
    answers: a.answers + b.answers,
    people: a.people + b.people,
    errors: a.errors + b.errors,
    fallbacks: a.fallbacks + b.fallbacks,
    decided: a.decided + b.decided,
    favourable: a.favourable + b.favourable,
    scores: joinSpreads(a.scores, b.scores),
    latency: Array.from({ length: bins }, (_, bin) => (a.latency[bin] ?? 0) + (b.latency[bin] ?? 0)),
    groups,
    outcomes: joinOutcomes(a.outcomes, b.outcomes),
    ...((a.pairs ?? b.pairs) && { pairs: joinPairs(a.pairs, b.pairs) }),
  }
}

export const joinOutcomes = (a: OutcomeTally, b: OutcomeTally): OutcomeTally => ({
  n: a.n + b.n,
  good: a.good + b.good,
  numbers: joinSpreads(a.numbers, b.numbers),
  judged: a.judged + b.judged,
  wrong: a.wrong + b.wrong,
  misses: joinSpreads(a.misses, b.misses),
})
