import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { type BoostingOptions, boost, boostingDefaults } from '#ml/trees/boost'
import { emitTrees } from '#ml/trees/emit-trees'
import { predictMargins, type TreeEnsemble } from '#ml/trees/ensemble'
import { wasmTreeKernels } from './tree-kernels.ts'

const rows = 2_000
const random = createRandom(12)
const columns = Array.from({ length: 4 }, () =>
  Float64Array.from({ length: rows }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
)
const signal = Float64Array.from({ length: rows }, (_, row) => {
  const [a, b, c] = columns.map((column) => column[row]!)
  return (Number.isNaN(a!) ? 2 : a!) + (Number.isNaN(b!) ? -1 : b! * (c! > 0 ? 1 : -1)) + random.normal() * 0.1
})

async function onnxMargins(ensemble: TreeEnsemble, inputs: readonly Float64Array[]): Promise<Float64Array> {
  const graph = createGraph('trees')
  const x = graph.input('x', 'double', ['N', inputs.length])
  graph.node('Identity', [emitTrees(graph, x, ensemble)], {}, { outputs: ['margins'] })
  graph.output('margins', 'double', ['N', ensemble.outputs])
  const session = await InferenceSession.create(graph.encode())
  const count = inputs[0]!.length
  const cells = new Float64Array(count * inputs.length)
  inputs.forEach((column, f) => {
    for (let row = 0; row < count; row++) cells[row * inputs.length + f] = column[row]!
  })
  const answer = await session.run({ x: new Tensor('float64', cells, [count, inputs.length]) })
  return answer.margins!.data as Float64Array
}

function largestGap(a: Float64Array, b: Float64Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at]!)), 0)
}

const train = (more: Partial<BoostingOptions>, labels: Float64Array) =>
  boost(wasmTreeKernels, { train: { columns, labels } }, { ...boostingDefaults, rounds: 30, ...more })

// the operator sums trees in another order: rounding of sums of 30 values near 1
test('one output equals our margins to 1e-12, missing values included', async () => {
  const { ensemble } = await train({ loss: 'squared' }, signal)
  expect(largestGap(await onnxMargins(ensemble, columns), predictMargins(ensemble, columns, rows))).toBeLessThan(1e-12)
})

test('values on a threshold go the same way as ours', async () => {
  const { ensemble } = await train({ loss: 'squared', rounds: 3 }, signal)
  const thresholds = [...new Set(ensemble.trees.flatMap((tree) => [...tree.threshold]))].filter(Number.isFinite)
  const inputs = columns.map(() => Float64Array.from(thresholds))
  const own = predictMargins(ensemble, inputs, thresholds.length)
  expect(largestGap(await onnxMargins(ensemble, inputs), own)).toBeLessThan(1e-12)
})

test('several outputs, and a model cut to no trees', async () => {
  const classes = signal.map((value) => (value < -1 ? 0 : value < 1 ? 1 : 2))
  const { ensemble } = await train({ loss: 'softmax', classes: 3, rounds: 10 }, classes)
  expect(largestGap(await onnxMargins(ensemble, columns), predictMargins(ensemble, columns, rows))).toBeLessThan(1e-12)
  const none = { ...ensemble, trees: [] }
  expect(await onnxMargins(none, columns)).toEqual(predictMargins(none, columns, rows))
})

test('trees of a single leaf', async () => {
  const { ensemble } = await train({ loss: 'squared', rounds: 2 }, new Float64Array(rows).fill(4))
  expect(ensemble.trees.every((tree) => tree.feature.length === 1)).toBe(true)
  expect(await onnxMargins(ensemble, columns)).toEqual(predictMargins(ensemble, columns, rows))
})

test('splits on sets of categories', async () => {
  const kinds = Float64Array.from({ length: rows }, () => (random.uniform() < 0.1 ? Number.NaN : random.integer(30)))
  const target = kinds.map((kind, row) => (Number.isNaN(kind) ? 3 : (kind * 7) % 5) + signal[row]!)
  const inputs = [...columns, kinds]
  const { ensemble } = await boost(
    wasmTreeKernels,
    { train: { columns: inputs, labels: target } },
    { ...boostingDefaults, loss: 'squared', rounds: 15, categorical: [4] },
  )
  expect(ensemble.trees.some((tree) => tree.categories?.some((set) => set !== undefined))).toBe(true)
  expect(largestGap(await onnxMargins(ensemble, inputs), predictMargins(ensemble, inputs, rows))).toBeLessThan(1e-12)
  const unseen = [...columns.map((column) => column.slice(0, 3)), Float64Array.of(99, 2.5, -1)]
  expect(largestGap(await onnxMargins(ensemble, unseen), predictMargins(ensemble, unseen, 3))).toBeLessThan(1e-12)
})
