import { requireNumbers } from '../usable-targets.ts'

/**
 * Figures of ranked lists, one list a query, higher scores first. Rows with equal scores stand in no order: each figure is
 * its mean over all their orders, in closed form (McSherry & Najork 2008, Computing information retrieval performance
 * measures efficiently in the presence of tied scores, ECIR). Relevance is a number of at least 0; above 0 is relevant.
 * A list without a relevant row has every figure 0, as scikit-learn's NDCG; precision divides by the cutoff, as TREC.
 */
export interface RankedRows {
  readonly relevance: ArrayLike<number>
  readonly scores: Float64Array
  /** Code of the query each row belongs to, from 0; all rows are one list without it. */
  readonly query?: ArrayLike<number>
}

export interface RetrievalOptions {
  /** Only the first so many places count; all without it. */
  readonly cutoff?: number
  /** What relevance is worth: itself (Järvelin & Kekäläinen 2002, ACM TOIS 20:422), or 2^r - 1 (Burges et al. 2005). */
  readonly gain?: 'linear' | 'exponential'
}

/** One figure a query. */
export interface RetrievalFigures {
  /** Discounted gain, 1 / log2(place + 1) a place, over that of the best order. */
  readonly ndcg: Float64Array
  /** Mean precision at the relevant places, over the relevant rows that fit above the cutoff. */
  readonly averagePrecision: Float64Array
  /** 1 over the first relevant place. */
  readonly reciprocalRank: Float64Array
  readonly precision: Float64Array
  readonly recall: Float64Array
}

/** Places `before`+1 to `before`+`size`, taken by rows with equal scores. */
interface Run {
  readonly before: number
  readonly size: number
  readonly gain: number
  readonly relevant: number
  readonly relevantBefore: number
}

export function retrievalFigures(
  rows: RankedRows,
  { cutoff, gain = 'linear' }: RetrievalOptions = {},
): RetrievalFigures {
  requireNumbers('A ranking', 'prediction', rows.scores)
  const lists = listsOf(rows)
  const worth = (value: number) => (gain === 'linear' ? value : 2 ** value - 1)
  const each = lists.map((list) => {
    const runs = runsOf(list, rows, worth)
    const limit = cutoff ?? list.length
    const best = discountedGain(idealRuns(list, rows, worth), limit)
    const relevant = runs.reduce((sum, run) => sum + run.relevant, 0)
    const found = expectedFound(runs, limit)
    return {
      ndcg: best > 0 ? discountedGain(runs, limit) / best : 0,
      averagePrecision: relevant > 0 ? precisionSum(runs, limit) / Math.min(relevant, limit) : 0,
      reciprocalRank: expectedReciprocal(runs, limit),
      precision: limit > 0 ? found / limit : 0,
      recall: relevant > 0 ? found / relevant : 0,
    }
  })
  const column = (name: keyof RetrievalFigures) => Float64Array.from(each, (figures) => figures[name])
  return {
    ndcg: column('ndcg'),
    averagePrecision: column('averagePrecision'),
    reciprocalRank: column('reciprocalRank'),
    precision: column('precision'),
    recall: column('recall'),
  }
}

/** Weighted mean over the queries; bootstrap counts of queries serve as weights. NaN when nothing has weight. */
export function meanOverQueries(values: Float64Array, weights?: Float64Array): number {
  let sum = 0
  let total = 0
  for (let query = 0; query < values.length; query++) {
    const weight = weights ? weights[query]! : 1
    if (weight === 0) continue
    sum += weight * values[query]!
    total += weight
  }
  return sum / total
}

function listsOf({ query, scores }: RankedRows): number[][] {
  const lists: number[][] = []
  for (let row = 0; row < scores.length; row++) {
    const code = query ? query[row]! : 0
    for (let at = lists.length; at <= code; at++) lists.push([])
    lists[code]!.push(row)
  }
  return lists
}

function runsOf(list: readonly number[], { relevance, scores }: RankedRows, worth: (value: number) => number): Run[] {
  const order = [...list].sort((a, b) => scores[b]! - scores[a]! || a - b)
  const runs: Run[] = []
  let relevantBefore = 0
  for (let from = 0; from < order.length; ) {
    let end = from
    let gain = 0
    let relevant = 0
    for (; end < order.length && scores[order[end]!] === scores[order[from]!]; end++) {
      gain += worth(relevance[order[end]!]!)
      if (relevance[order[end]!]! > 0) relevant++
    }
    runs.push({ before: from, size: end - from, gain, relevant, relevantBefore })
    relevantBefore += relevant
    from = end
  }
  return runs
}

/** The best order: one run a place. */
function idealRuns(list: readonly number[], { relevance }: RankedRows, worth: (value: number) => number): Run[] {
  const gains = list.map((row) => worth(relevance[row]!)).sort((a, b) => b - a)
  return gains.map((gain, before) => ({ before, size: 1, gain, relevant: 0, relevantBefore: 0 }))
}

/** Each place of a run has the run's mean gain. */
function discountedGain(runs: readonly Run[], limit: number): number {
  let sum = 0
  for (const { before, size, gain } of runs) {
    let discounts = 0
    for (let place = before + 1; place <= Math.min(limit, before + size); place++) discounts += 1 / Math.log2(place + 1)
    sum += (gain / size) * discounts
  }
  return sum
}

/** Relevant rows above the cutoff. */
function expectedFound(runs: readonly Run[], limit: number): number {
  let sum = 0
  for (const { before, size, relevant } of runs)
    sum += (relevant / size) * Math.max(0, Math.min(limit, before + size) - before)
  return sum
}

/** Given that place j of a run is relevant, (j - 1)(m - 1)/(t - 1) of the other m - 1 relevant of its t rows come before. */
function precisionSum(runs: readonly Run[], limit: number): number {
  let sum = 0
  for (const { before, size, relevant, relevantBefore } of runs) {
    const others = size > 1 ? (relevant - 1) / (size - 1) : 0
    const last = Math.min(limit - before, size)
    for (let j = 1; relevant > 0 && j <= last; j++)
      sum += ((relevant / size) * (relevantBefore + 1 + (j - 1) * others)) / (before + j)
  }
  return sum
}

/** Only the first run with a relevant row matters: the chance that its first one stands at j, over the place. */
function expectedReciprocal(runs: readonly Run[], limit: number): number {
  const first = runs.find((run) => run.relevant > 0)
  if (!first) return 0
  const { before, size, relevant } = first
  let none = 1
  let sum = 0
  for (let j = 1; j <= size - relevant + 1 && before + j <= limit; j++) {
    const hit = relevant / (size - j + 1)
    sum += (none * hit) / (before + j)
    none *= 1 - hit
  }
  return sum
}
