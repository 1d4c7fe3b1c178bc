import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRandom } from '#ml/random/random'
import { type BoostingOptions, type BoostingRows, boost, boostingDefaults } from '#ml/trees/boost'
import { growCart } from '#ml/trees/cart'
import { predictMargins } from '#ml/trees/ensemble'
import { forestDefaults, growForest, predictForest } from '#ml/trees/forest'
import { wasmForestKernels } from '../forest/forest-kernels.ts'
import { wasmTreeKernels } from './tree-kernels.ts'

const random = createRandom(17)
const rows = 700
const columns = Array.from({ length: 4 }, () => Float64Array.from({ length: rows }, () => random.normal()))
for (let row = 0; row < rows; row += 9) columns[2]![row] = Number.NaN
const labels = Float64Array.from({ length: rows }, (_, row) =>
  columns[0]![row]! * columns[1]![row]! + (columns[2]![row]! || 0.5) + random.normal() > 0 ? 1 : 0,
)
const small = { ...boostingDefaults, rounds: 8, leaves: 9 }

async function margins(data: BoostingRows, options: BoostingOptions = small): Promise<Float64Array> {
  const { ensemble } = await boost(wasmTreeKernels, { train: data }, options)
  return predictMargins(ensemble, data.columns, data.labels.length)
}

const rising: readonly ((value: number) => number)[] = [
  (value) => value ** 3,
  (value) => Math.exp(2 * value),
  (value) => 1e6 * value - 40,
  (value) => Math.atan(value),
]
const bent = (choice: number) => columns.map((column, f) => column.map(rising[(choice + f) % rising.length]!))

test('boosting: rising transforms of the features change no prediction of a training row', async () => {
  const plain = await margins({ columns, labels })
  for (let choice = 0; choice < rising.length; choice++)
    expect(await margins({ columns: bent(choice), labels })).toEqual(plain)
})

test('boosting: the order of the rows changes no prediction', async () => {
  const plain = await margins({ columns, labels })
  await fc.assert(
    fc.asyncProperty(fc.integer(), async (seed) => {
      const order = createRandom(seed).permutation(rows)
      const moved = (values: Float64Array) => Float64Array.from(order, (row) => values[row]!)
      expect(await margins({ columns: columns.map(moved), labels: moved(labels) })).toEqual(moved(plain))
    }),
    { numRuns: 8 },
  )
})

test('forests and single trees: rising transforms change no prediction of a training row', async () => {
  const options = { ...forestDefaults(4, 2), trees: 12, seed: 3, threads: 1 }
  const forest = async (own: readonly Float64Array[]) =>
    predictForest(await growForest(wasmForestKernels, { columns: own, labels, classes: 2 }, options), own, rows)
  const tree = async (own: readonly Float64Array[]) => {
    const { left, value } = await growCart(wasmForestKernels, { columns: own, labels, classes: 2 })
    return { left, value }
  }
  const [plainForest, plainTree] = [await forest(columns), await tree(columns)]
  for (let choice = 0; choice < rising.length; choice++) {
    expect(await forest(bent(choice))).toEqual(plainForest)
    expect(await tree(bent(choice))).toEqual(plainTree)
  }
})

test('a single tree does not depend on the order of the rows', async () => {
  const plain = await growCart(wasmForestKernels, { columns, labels, classes: 2 })
  const order = createRandom(5).permutation(rows)
  const moved = (values: Float64Array) => Float64Array.from(order, (row) => values[row]!)
  const other = await growCart(wasmForestKernels, {
    columns: columns.map(moved),
    labels: moved(labels),
    classes: 2,
  })
  expect(other).toEqual(plain)
})

const defined = {
  'one row': { columns: [Float64Array.of(1)], labels: Float64Array.of(1) },
  'no columns': { columns: [], labels },
  'a constant column': { columns: [new Float64Array(rows).fill(5)], labels },
  'a column of missing cells': { columns: [new Float64Array(rows).fill(Number.NaN)], labels },
  'infinite cells': { columns: [columns[0]!.map((v) => (v > 1 ? 1 / 0 : v < -1 ? -1 / 0 : v))], labels },
  'a single class': { columns, labels: new Float64Array(rows).fill(1) },
  'a single row with weight': { columns, labels, weights: new Float64Array(rows).with(7, 1) },
}

test.each(Object.entries(defined))('numbers come of %s', async (_, data) => {
  for (const loss of ['logistic', 'squared', 'poisson', 'absolute', 'quantile', 'softmax'] as const) {
    const options = { ...small, loss, classes: 2, quantile: 0.5, minRows: 1 }
    const { ensemble, validation } = await boost(wasmTreeKernels, { train: data, validation: data }, options)
    const predicted = predictMargins(ensemble, data.columns, data.labels.length)
    expect([...predicted, ...validation].every(Number.isFinite)).toBe(true)
  }
  for (const classes of [0, 2]) {
    const options = { ...forestDefaults(data.columns.length, classes), trees: 6, seed: 1, threads: 1 }
    const forest = await growForest(wasmForestKernels, { ...data, classes }, options)
    const predicted = predictForest(forest, data.columns, data.labels.length)
    expect(predicted.every((share) => share >= 0 && share <= 1)).toBe(true)
  }
})

test('what no tree can learn from is refused', async () => {
  const weights = new Float64Array(rows).fill(1)
  const refused: [BoostingRows, RegExp][] = [
    [{ columns: [new Float64Array(0)], labels: new Float64Array(0) }, /no rows/],
    [{ columns, labels: labels.with(4, Number.NaN) }, /row 5/],
    [{ columns, labels: labels.with(4, Number.POSITIVE_INFINITY) }, /row 5/],
    [{ columns, labels, weights: weights.with(4, Number.NaN) }, /row 5/],
    [{ columns, labels, weights: weights.with(4, -1) }, /row 5/],
    [{ columns, labels, weights: new Float64Array(rows) }, /all weigh 0/],
  ]
  for (const [data, reason] of refused) {
    for (const loss of ['logistic', 'squared', 'quantile', 'softmax'] as const)
      await expect(margins(data, { ...small, loss, classes: 2 })).rejects.toThrow(reason)
    const options = { ...forestDefaults(4, 2), trees: 2, seed: 1, threads: 1 }
    await expect(growForest(wasmForestKernels, { ...data, classes: 2 }, options)).rejects.toThrow(reason)
  }
  for (const loss of ['logistic', 'poisson', 'softmax'] as const)
    await expect(margins({ columns, labels: labels.with(4, -2) }, { ...small, loss, classes: 2 })).rejects.toThrow(
      `The ${loss} loss can not use the target -2 of row 5`,
    )
})
