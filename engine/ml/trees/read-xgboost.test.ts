import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { matrix } from '../matrix.ts'
import { treeInteractions } from '../tree-shap/tree-interactions.ts'
import { predictMargins } from './ensemble.ts'
import { readXgboost } from './read-xgboost.ts'
import { thresholdBelow } from './single-precision.ts'

type Saved = Parameters<typeof readXgboost>[0]
interface Peer {
  model: Saved
  margins: number[] | number[][]
  contributions: number[][][]
}
const golden = readGolden<{ x: (number | null)[][] } & Record<'binary' | 'classes' | 'counts' | 'dart', Peer>>(
  'ml-explain-models-trees',
)
const cells = golden.x.map((row) => row.map((value) => value ?? Number.NaN))
const x = matrix(cells.length, 5, Float64Array.from(cells.flat()))
const columns = Array.from({ length: 5 }, (_, j) => Float64Array.from(cells, (row) => row[j]!))

test.each(['binary', 'classes', 'counts', 'dart'] as const)('margins and contributions equal XGBoost’s, %s', (name) => {
  const { model, margins, contributions } = golden[name]
  const ensemble = readXgboost(model)
  const { outputs } = ensemble
  // XGBoost adds up in single precision
  const ours = predictMargins(ensemble, columns, x.rows)
  margins.flat().forEach((margin, at) => {
    expect(Math.abs(ours[at]! - margin)).toBeLessThan(2e-6)
  })
  for (let output = 0; output < outputs; output++) {
    const { values, base } = treeInteractions(ensemble, x, undefined, output)
    for (let row = 0; row < x.rows; row++) {
      const peer = contributions[row]![output]!
      expect(Math.abs(base - peer[5]!)).toBeLessThan(2e-6)
      for (let j = 0; j < 5; j++) {
        const line = values.subarray(row * 25 + j * 5, row * 25 + j * 5 + 5).reduce((a, b) => a + b, 0)
        expect(Math.abs(line - peer[j]!)).toBeLessThan(2e-6)
      }
    }
  }
})

test('the threshold in double precision splits every finite number as the one in single precision does', () => {
  const float = fc.float({ noNaN: true })
  const near = (value: number, by: number) => value * (1 + by * 2 ** -26) + by * 2 ** -151
  fc.assert(
    fc.property(float, fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true }), (t, by, other) => {
      for (const value of [t, near(t, by), other, -t].filter(Number.isFinite))
        expect(value <= thresholdBelow(t)).toBe(Math.fround(value) < Math.fround(t))
    }),
    { numRuns: 2_000 },
  )
  const [half, below] = [1 - 2 ** -25, 1 - 2 ** -25 - 2 ** -53]
  expect([thresholdBelow(1), Math.fround(half), Math.fround(below)]).toEqual([below, 1, 1 - 2 ** -24])
  for (const t of [0, 2 ** -149, -(2 ** -149), Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])
    for (const value of [0, -1e-50, 1e-50, 7.1e-46, 3.5e38, -3.5e38, 3.4028235e38])
      expect([t, value, value <= thresholdBelow(t)]).toEqual([t, value, Math.fround(value) < t])
})

test('models that are not numeric trees are refused', () => {
  const { model } = golden.binary
  const { learner } = model
  const refuse = (change: Partial<Saved['learner']>) =>
    expect(() => readXgboost({ learner: { ...learner, ...change } })).toThrow(ProblemError)
  refuse({ gradient_booster: { name: 'gblinear' } })
  refuse({ objective: { name: 'survival:aft' } })
  refuse({ learner_model_param: { ...learner.learner_model_param, num_class: '4' } })
  if (learner.gradient_booster.name !== 'gbtree') throw new Error('the golden is a gbtree')
  const { trees } = learner.gradient_booster.model
  const first = trees[0]!
  for (const changed of [
    { ...first, split_type: first.split_type.map(() => 1) },
    { ...first, tree_param: { size_leaf_vector: '3' } },
  ])
    refuse({ gradient_booster: { name: 'gbtree', model: { trees: [changed], tree_info: [0] } } })
})
