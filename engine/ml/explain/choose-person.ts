/** What people are chosen by. */
export interface People {
  /** Score of the favourable outcome, or the prediction. */
  readonly scores: Float64Array
  readonly refused: Uint8Array
  /** Groups of a protected attribute, when there is one. */
  readonly groups?: { readonly codes: Int32Array; readonly names: readonly string[] }
}

/** The group with the lowest share of favourable decisions among groups of at least `least` rows; -1 when no two are left. */
export function worstOffGroup({ refused, groups }: People, least = 30): number {
  if (!groups) return -1
  const rows = new Float64Array(groups.names.length)
  const lost = new Float64Array(groups.names.length)
  groups.codes.forEach((code, row) => {
    if (code < 0) return
    rows[code]!++
    lost[code]! += refused[row]!
  })
  const large = [...rows.keys()].filter((group) => rows[group]! >= least)
  if (large.length < 2) return -1
  return large.reduce((worst, group) => (lost[group]! / rows[group]! > lost[worst]! / rows[worst]! ? group : worst))
}

/** The refused person nearest to being accepted, from the given group when it has one; -1 when nobody is refused. */
export function closestRefused({ scores, refused, groups }: People, group: number): number {
  const nearest = (inGroup: boolean) => {
    let best = -1
    for (let row = 0; row < scores.length; row++) {
      if (refused[row] !== 1 || (inGroup && groups?.codes[row] !== group)) continue
      if (best < 0 || scores[row]! > scores[best]!) best = row
    }
    return best
  }
  const found = group >= 0 ? nearest(true) : -1
  return found >= 0 ? found : nearest(false)
}

/** The person whose score is the middle one: for predictions that refuse nobody. */
export function middlePerson(scores: Float64Array): number {
  const order = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || a - b)
  return order[Math.floor((order.length - 1) / 2)] ?? -1
}
