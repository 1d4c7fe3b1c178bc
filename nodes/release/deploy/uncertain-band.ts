/**
 * The band of scores that go to people, around the limit between two classes or below a confidence: rejecting the cases a
 * classifier is least sure of lowers the error of the rest (Chow 1970, "On optimum recognition error and reject tradeoff",
 * IEEE Transactions on Information Theory 16:41).
 */
export interface ScoredRow {
  /** How far the score is from where the decision changes; larger is surer. */
  readonly distance: number
  /** Whether the model's decision is wrong; undefined where nobody knows. */
  readonly wrong?: boolean
}

export interface FoundBand {
  /** Rows up to this distance go to people; -1 where none does. */
  readonly distance: number
  /** Rows that do, and of the others those that are judged and those that are wrong. */
  readonly people: number
  readonly judged: number
  readonly wrong: number
}

/** The rows least sure of, as many as the share asks for at least; rows equally sure stay together. */
export function bandOfShare(rows: readonly ScoredRow[], share: number): FoundBand {
  const sorted = rows.toSorted((a, b) => a.distance - b.distance)
  const wanted = Math.ceil(share * rows.length)
  return band(rows, wanted === 0 ? -1 : sorted[Math.min(wanted, sorted.length) - 1]!.distance)
}

/** The narrowest band that leaves an error of at most `most` among the decisions outside; everything where none does. */
export function bandOfError(rows: readonly ScoredRow[], most: number): FoundBand {
  const judged = rows.filter(({ wrong }) => wrong !== undefined).toSorted((a, b) => b.distance - a.distance)
  let wrongs = 0
  let widest = judged[0]?.distance ?? Number.POSITIVE_INFINITY
  for (let place = 0; place < judged.length; place++) {
    wrongs += Number(judged[place]!.wrong)
    const next = judged[place + 1]?.distance ?? -1
    if (next === judged[place]!.distance) continue
    if (wrongs <= most * (place + 1)) widest = next
  }
  return band(rows, widest)
}

function band(rows: readonly ScoredRow[], distance: number): FoundBand {
  const rest = rows.filter((row) => row.distance > distance)
  const judged = rest.filter(({ wrong }) => wrong !== undefined)
  return {
    distance,
    people: rows.length - rest.length,
    judged: judged.length,
    wrong: judged.filter(({ wrong }) => wrong).length,
  }
}
