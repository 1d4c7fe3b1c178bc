import type { Matrix } from '../matrix.ts'

/**
 * How much a committee of models disagrees on each row, in nats; larger is more:
 * - vote-entropy: entropy of the shares of votes, each member voting for its largest probability, the first of equals
 *   (Dagan & Engelson 1995);
 * - consensus-entropy: entropy of the mean probabilities;
 * - divergence: mean Kullback-Leibler divergence of the members from the mean (McCallum & Nigam 1998).
 */
export type Disagreement = 'vote-entropy' | 'consensus-entropy' | 'divergence'

/** One matrix of probabilities [rows, classes] a member, at least one. */
export function committeeDisagreement(members: readonly Matrix[], kind: Disagreement): Float64Array {
  const { rows, columns } = members[0]!
  const out = new Float64Array(rows)
  const mean = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    mean.fill(0)
    for (const { values } of members) {
      if (kind === 'vote-entropy') mean[vote(values, i * columns, columns)]! += 1 / members.length
      else for (let k = 0; k < columns; k++) mean[k]! += values[i * columns + k]! / members.length
    }
    out[i] = Math.max(0, kind === 'divergence' ? meanDivergence(members, mean, i) : entropy(mean))
  }
  return out
}

function vote(values: Float64Array, from: number, columns: number): number {
  let best = 0
  for (let k = 1; k < columns; k++) if (values[from + k]! > values[from + best]!) best = k
  return best
}

function entropy(shares: Float64Array): number {
  let sum = 0
  for (let k = 0; k < shares.length; k++) if (shares[k]! > 0) sum -= shares[k]! * Math.log(shares[k]!)
  return sum
}

function meanDivergence(members: readonly Matrix[], mean: Float64Array, row: number): number {
  let sum = 0
  for (const { values, columns } of members)
    for (let k = 0; k < columns; k++) {
      const p = values[row * columns + k]!
      if (p > 0) sum += p * Math.log(p / mean[k]!)
    }
  return sum / members.length
}
