import type { Groups } from '../fairness/protected-groups.ts'
import type { Objective } from '../linear/objective.ts'
import { type Matrix, matrix } from '../matrix.ts'

/** How the parameters of a fair representation are laid out: prototypes, logits of their chances, log scales by group. */
export interface Shape {
  readonly prototypes: number
  readonly columns: number
  readonly groups: number
}

export interface TermWeights {
  readonly reconstruction: number
  readonly prediction: number
  readonly parity: number
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

export function unpack(parameters: Float64Array, { prototypes, columns, groups }: Shape) {
  const size = prototypes * columns
  return {
    prototypes: matrix(prototypes, columns, parameters.slice(0, size)),
    chances: parameters.slice(size, size + prototypes).map(sigmoid),
    scales: Array.from({ length: groups }, (_, group) => {
      const from = size + prototypes + group * columns
      return parameters.slice(from, from + columns).map(Math.exp)
    }),
  }
}

/** Softmax over prototypes of minus the scaled squared distances of one row. */
export function membershipsOf(x: Matrix, row: number, prototypes: Matrix, scale: Float64Array, out: Float64Array) {
  const { columns, values } = prototypes
  let nearest = Number.POSITIVE_INFINITY
  for (let k = 0; k < prototypes.rows; k++) {
    let distance = 0
    for (let j = 0; j < columns; j++) {
      const gap = x.values[row * columns + j]! - values[k * columns + j]!
      distance += scale[j]! * gap * gap
    }
    out[k] = distance
    if (distance < nearest) nearest = distance
  }
  let total = 0
  for (let k = 0; k < prototypes.rows; k++) {
    out[k] = Math.exp(nearest - out[k]!)
    total += out[k]!
  }
  for (let k = 0; k < prototypes.rows; k++) out[k]! /= total
}

const edge = 1e-12
const roundness = 1e-8

/** The objective of `fitFairRepresentation` with its gradient, in two passes over the rows. */
export function representationObjective(
  x: Matrix,
  actual: Uint8Array,
  groups: Groups,
  shape: Shape,
  weights: TermWeights,
): Pick<Objective, 'size' | 'evaluate'> {
  const { prototypes: count, columns } = shape
  const size = count * columns
  const memberships = matrix(x.rows, count)
  const rebuilt = new Float64Array(columns)
  const pull = new Float64Array(count)
  const counts = new Float64Array(shape.groups)
  for (const code of groups.codes) counts[code]!++

  function evaluate(parameters: Float64Array, gradient: Float64Array): number {
    const { prototypes, chances, scales } = unpack(parameters, shape)
    const v = prototypes.values
    const shares = new Float64Array(shape.groups * count)
    for (let row = 0; row < x.rows; row++) {
      const own = memberships.values.subarray(row * count, (row + 1) * count)
      const code = groups.codes[row]!
      membershipsOf(x, row, prototypes, scales[code]!, own)
      for (let k = 0; k < count; k++) shares[code * count + k]! += own[k]! / counts[code]!
    }
    const parity = pairGaps(shares, counts, count)
    let value = weights.parity * parity.value
    gradient.fill(0)
    for (let row = 0; row < x.rows; row++) value += addRow(row, v, chances, scales, parity.slopes, gradient)
    for (let k = 0; k < count; k++) gradient[size + k]! *= chances[k]! * (1 - chances[k]!)
    scales.forEach((scale, group) => {
      for (let j = 0; j < columns; j++) gradient[size + count + group * columns + j]! *= scale[j]!
    })
    return value
  }

  /** One row's part of the value; adds its part of the gradient in v, w and the scales. */
  function addRow(
    row: number,
    v: Float64Array,
    chances: Float64Array,
    scales: readonly Float64Array[],
    slopes: Float64Array,
    gradient: Float64Array,
  ): number {
    const own = memberships.values.subarray(row * count, (row + 1) * count)
    const code = groups.codes[row]!
    const scale = scales[code]!
    const at = row * columns
    const error = (2 * weights.reconstruction) / (x.rows * columns)
    let chance = 0
    for (let k = 0; k < count; k++) chance += own[k]! * chances[k]!
    chance = Math.min(1 - edge, Math.max(edge, chance))
    let square = 0
    for (let j = 0; j < columns; j++) {
      let sum = -x.values[at + j]!
      for (let k = 0; k < count; k++) sum += own[k]! * v[k * columns + j]!
      rebuilt[j] = sum * error
      square += sum * sum
    }
    const slope = (weights.prediction * (chance - actual[row]!)) / (chance * (1 - chance) * x.rows)
    let mean = 0
    for (let k = 0; k < count; k++) {
      let toRebuild = 0
      for (let j = 0; j < columns; j++) toRebuild += rebuilt[j]! * v[k * columns + j]!
      pull[k] = slope * chances[k]! + toRebuild + (weights.parity * slopes[code * count + k]!) / counts[code]!
      mean += own[k]! * pull[k]!
    }
    const scaleAt = size + count + code * columns
    for (let k = 0; k < count; k++) {
      const m = own[k]!
      const toDistance = -m * (pull[k]! - mean)
      gradient[size + k]! += m * slope
      for (let j = 0; j < columns; j++) {
        const gap = x.values[at + j]! - v[k * columns + j]!
        const push = toDistance * gap
        gradient[k * columns + j]! += m * rebuilt[j]! - 2 * scale[j]! * push
        gradient[scaleAt + j]! += push * gap
      }
    }
    const loss = actual[row] ? -Math.log(chance) : -Math.log(1 - chance)
    return (weights.reconstruction * square) / (x.rows * columns) + (weights.prediction * loss) / x.rows
  }

  return { size: size + count + shape.groups * columns, evaluate }
}

/** Σ_k |share in one group - in the other|, the mean over pairs of groups with rows, and its slopes in the shares. */
function pairGaps(shares: Float64Array, counts: Float64Array, prototypes: number) {
  const filled = Array.from(counts.keys()).filter((group) => counts[group]! > 0)
  const pairs = filled.flatMap((a, at) => filled.slice(at + 1).map((b) => [a, b] as const))
  const slopes = new Float64Array(shares.length)
  let value = 0
  for (const [a, b] of pairs)
    for (let k = 0; k < prototypes; k++) {
      const gap = shares[a * prototypes + k]! - shares[b * prototypes + k]!
      const size = Math.sqrt(gap * gap + roundness)
      value += size / pairs.length
      slopes[a * prototypes + k]! += gap / size / pairs.length
      slopes[b * prototypes + k]! -= gap / size / pairs.length
    }
  return { value, slopes }
}
