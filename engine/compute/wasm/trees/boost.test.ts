import { describe, expect, test } from 'vitest'
import { createRandom } from '#ml/random/random'
import { type BoostingOptions, boost, boostingDefaults } from '#ml/trees/boost'
import { predictMargins } from '#ml/trees/ensemble'
import { wasmTreeKernels } from './tree-kernels.ts'

function makeRows(rows: number, seed: number) {
  const random = createRandom(seed)
  const next = () => random.uniform()
  const columns = Array.from({ length: 5 }, () => Float64Array.from({ length: rows }, next))
  for (let row = 0; row < rows; row += 7) columns[1]![row] = Number.NaN
  const signal = Float64Array.from({ length: rows }, (_, row) => {
    const [a, b, c] = columns.map((column) => column[row]!)
    return 3 * a! + (Number.isNaN(b!) ? 1 : b! * c!) + Math.sin(8 * c!)
  })
  return { columns, signal, noise: Float64Array.from({ length: rows }, next) }
}

const rows = 9_000
const { columns, signal, noise } = makeRows(rows, 7)
const binary = Float64Array.from(signal, (value, row) => (noise[row]! < 1 / (1 + Math.exp(3 - 1.5 * value)) ? 1 : 0))
const numbers = Float64Array.from(signal, (value, row) => value + noise[row]! - 0.5)
const counts = Float64Array.from(signal, (value, row) => Math.floor(Math.max(0, value) * noise[row]! * 2))
const classes = Float64Array.from(signal, (value) => (value < 2 ? 0 : value < 3 ? 1 : 2))
const targets = {
  logistic: binary,
  squared: numbers,
  poisson: counts,
  absolute: numbers,
  quantile: numbers,
  softmax: classes,
}

const train = (loss: BoostingOptions['loss'], more: Partial<BoostingOptions> = {}) =>
  boost(
    wasmTreeKernels,
    { train: { columns, labels: targets[loss] }, validation: { columns, labels: targets[loss] } },
    {
      ...boostingDefaults,
      loss,
      rounds: 20,
      quantile: 0.9,
      classes: 3,
      ...more,
    },
  )

describe.each(Object.keys(targets) as (keyof typeof targets)[])('%s', (loss) => {
  test('lowers the loss in every fifth round', async () => {
    const { validation } = await train(loss)
    expect(validation).toHaveLength(20)
    for (let round = 5; round < 20; round += 5) expect(validation[round]!).toBeLessThan(validation[round - 5]!)
  })

  test('gives the same model on one, two and three threads', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map((threads) => train(loss, { threads, rounds: 6 })))
    expect(two!.ensemble).toEqual(one!.ensemble)
    expect(three!.ensemble).toEqual(one!.ensemble)
  })
})

test('a weight of two is the same as the row twice', async () => {
  const half = 3_000
  const some = columns.map((column) => column.slice(0, half))
  const labels = numbers.slice(0, half)
  const weights = Float64Array.from({ length: half }, (_, row) => 1 + (row % 2))
  const twice = (column: Float64Array) => Float64Array.from([...column, ...column.filter((_, row) => row % 2 === 1)])
  const options = { ...boostingDefaults, loss: 'squared', rounds: 3, minRows: 1, minHessian: 40, leaves: 6 } as const
  const weighted = await boost(wasmTreeKernels, { train: { columns: some, labels, weights } }, options)
  const repeated = await boost(wasmTreeKernels, { train: { columns: some.map(twice), labels: twice(labels) } }, options)
  const a = predictMargins(weighted.ensemble, some, half)
  const b = predictMargins(repeated.ensemble, some, half)
  const gap = a.reduce((sum, value, row) => sum + (value - b[row]!) ** 2, 0) / half
  expect(gap).toBeLessThan(0.01)
})

test('obeys monotone directions everywhere', async () => {
  const { ensemble } = await train('squared', { monotone: [1, 0, -1, 0, 0], rounds: 30 })
  const grid = Float64Array.from({ length: 201 }, (_, i) => i / 200)
  for (const fixed of [0.1, 0.5, 0.9]) {
    const line = (feature: number) =>
      predictMargins(
        ensemble,
        columns.map((_, f) => (f === feature ? grid : new Float64Array(201).fill(fixed))),
        201,
      )
    const rising = line(0)
    const falling = line(2)
    for (let i = 1; i < 201; i++) {
      expect(rising[i]!).toBeGreaterThanOrEqual(rising[i - 1]!)
      expect(falling[i]!).toBeLessThanOrEqual(falling[i - 1]!)
    }
  }
})

test('a root split on one feature is the best of all splits, found by brute force', async () => {
  const labels = numbers.slice(0, 400)
  const column = columns[0]!.slice(0, 400)
  const { ensemble } = await boost(
    wasmTreeKernels,
    { train: { columns: [column], labels } },
    { ...boostingDefaults, loss: 'squared', rounds: 1, leaves: 2, learningRate: 1, minRows: 20 },
  )
  const order = Uint32Array.from(column.keys()).sort((a, b) => column[a]! - column[b]!)
  let best = Number.POSITIVE_INFINITY
  let threshold = 0
  // 400 distinct values exceed 254 bins, so the bin borders are allowed thresholds only
  const allowed = new Set(ensemble.trees[0]!.threshold)
  for (let cut = 20; cut <= 380; cut++) {
    const middle = (column[order[cut - 1]!]! + column[order[cut]!]!) / 2
    const side = (part: Uint32Array) => {
      const mean = part.reduce((sum, row) => sum + labels[row]!, 0) / part.length
      return part.reduce((sum, row) => sum + (labels[row]! - mean) ** 2, 0)
    }
    const loss = side(order.subarray(0, cut)) + side(order.subarray(cut))
    if (loss < best) [best, threshold] = [loss, middle]
  }
  const own = [...allowed].find((value) => value !== 0)!
  expect(Math.abs(own - threshold)).toBeLessThan(0.01)
})
