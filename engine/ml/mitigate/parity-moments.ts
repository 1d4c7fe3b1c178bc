import type { Groups } from '../fairness/protected-groups.ts'

/** What the reductions hold equal: decisions, decisions for given outcomes, or for one of them. */
export type ParityConstraint =
  | 'demographic-parity'
  | 'equalised-odds'
  | 'true-positive-parity'
  | 'false-positive-parity'

/**
 * The constraints of Agarwal et al. 2018 (ICML, "A reductions approach to fair classification") as fairlearn's
 * `UtilityParity` has them: for each event (all rows, or those of an outcome) and group, the rate of favourable
 * decisions less that of the whole event, and the negative of it. Each is held at most a bound, so that the gap between
 * two groups may be twice the bound.
 */
export interface ParityMoments {
  /** Number of constraints: the violations, then their negatives. */
  readonly size: number
  violations(decisions: ArrayLike<number>): Float64Array
  /** What a favourable decision costs each row for given multipliers, negative where it costs. */
  signedWeights(multipliers: ArrayLike<number>): Float64Array
  /** Multipliers of the smallest sum that give every decision rule the same Lagrangian or a higher. */
  project(multipliers: Float64Array): Float64Array
}

const eventsOf: Readonly<Record<ParityConstraint, (outcome: number) => number>> = {
  'demographic-parity': () => 0,
  'equalised-odds': (outcome) => outcome,
  'true-positive-parity': (outcome) => (outcome === 1 ? 0 : -1),
  'false-positive-parity': (outcome) => (outcome === 0 ? 0 : -1),
}

export function parityMoments(constraint: ParityConstraint, actual: Uint8Array, groups: Groups): ParityMoments {
  const n = actual.length
  const width = groups.names.length
  const eventOf = Int8Array.from(actual, eventsOf[constraint])
  const cellOf = Int32Array.from(eventOf, (event, row) => (event < 0 ? -1 : event * width + groups.codes[row]!))
  const count = constraint === 'equalised-odds' ? 2 * width : width
  const rows = new Float64Array(count)
  for (const cell of cellOf) if (cell >= 0) rows[cell]!++
  const eventRows = Float64Array.from({ length: count }, (_, cell) => {
    const from = cell - (cell % width)
    return rows.subarray(from, from + width).reduce((sum, value) => sum + value, 0)
  })
  return {
    size: 2 * count,
    violations: (decisions) => violations(cellOf, rows, eventRows, width, decisions),
    signedWeights(multipliers) {
      const net = netOf(multipliers, count)
      const sums = Float64Array.from(net, (_, cell) => {
        const from = cell - (cell % width)
        return net.subarray(from, from + width).reduce((sum, value) => sum + value, 0)
      })
      return Float64Array.from(cellOf, (cell) =>
        cell < 0 ? 0 : n * (sums[cell]! / eventRows[cell]! - net[cell]! / rows[cell]!),
      )
    },
    project: (multipliers) => project(netOf(multipliers, count), rows, eventRows, width),
  }
}

function violations(
  cellOf: Int32Array,
  rows: Float64Array,
  eventRows: Float64Array,
  width: number,
  decisions: ArrayLike<number>,
): Float64Array {
  const favoured = new Float64Array(rows.length)
  cellOf.forEach((cell, row) => {
    if (cell >= 0) favoured[cell]! += decisions[row]!
  })
  const out = new Float64Array(2 * rows.length)
  favoured.forEach((own, cell) => {
    if (rows[cell] === 0) return
    const from = cell - (cell % width)
    const all = favoured.subarray(from, from + width).reduce((sum, value) => sum + value, 0)
    out[cell] = own / rows[cell]! - all / eventRows[cell]!
    out[rows.length + cell] = -out[cell]!
  })
  return out
}

const netOf = (multipliers: ArrayLike<number>, count: number) =>
  Float64Array.from({ length: count }, (_, cell) => multipliers[cell]! - multipliers[count + cell]!)

/** Within an event Σ P(group) violation = 0, so a multiple of P(group) may be taken away: the weighted median's. */
function project(net: Float64Array, rows: Float64Array, eventRows: Float64Array, width: number): Float64Array {
  const out = new Float64Array(2 * net.length)
  for (let from = 0; from < net.length; from += width) {
    const cells = Array.from({ length: width }, (_, group) => from + group).filter((cell) => rows[cell]! > 0)
    if (cells.length === 0) continue
    const share = (cell: number) => rows[cell]! / eventRows[cell]!
    const order = [...cells].sort((a, b) => net[a]! / share(a) - net[b]! / share(b))
    let at = 0
    for (let left = 0.5 - share(order[0]!); left > 1e-15 && at < order.length - 1; ) left -= share(order[++at]!)
    const shift = net[order[at]!]! / share(order[at]!)
    for (const cell of cells) {
      const value = net[cell]! - share(cell) * shift
      out[cell] = Math.max(0, value)
      out[net.length + cell] = Math.max(0, -value)
    }
  }
  return out
}
