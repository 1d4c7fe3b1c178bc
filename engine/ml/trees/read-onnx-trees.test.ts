import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { matrix } from '../matrix.ts'
import { createGraph } from '../onnx/graph-builder.ts'
import { treeInteractions } from '../tree-shap/tree-interactions.ts'
import { predictMargins } from './ensemble.ts'
import { readOnnxTrees } from './read-onnx-trees.ts'
import { thresholdAt } from './single-precision.ts'

interface Case {
  model: string
  scores: number[][]
}
const golden = readGolden<{ x: (number | null)[][]; sum: Case; average: Case }>('ml-explain-models-onnx')
const x = matrix(
  golden.x.length,
  4,
  Float64Array.from(golden.x.flat(), (value) => value ?? Number.NaN),
)
const columns = Array.from({ length: 4 }, (_, j) => Float64Array.from(golden.x, (row) => row[j] ?? Number.NaN))
const bytesOf = ({ model }: Case) => Uint8Array.from(atob(model), (character) => character.charCodeAt(0))

test.each(['sum', 'average'] as const)('margins equal ONNX Runtime’s, %s', (name) => {
  const margins = predictMargins(readOnnxTrees(bytesOf(golden[name])), columns, x.rows)
  golden[name].scores.flat().forEach((score, at) => {
    // the operator adds up in single precision
    expect(Math.abs(margins[at]! - score)).toBeLessThan(2e-6)
  })
})

test('with a background the trees are explained; without one that is refused', () => {
  const ensemble = readOnnxTrees(bytesOf(golden.sum))
  const margins = predictMargins(ensemble, columns, x.rows)
  for (const output of [0, 1]) {
    const { values, base } = treeInteractions(ensemble, x, x, output)
    for (let row = 0; row < x.rows; row++) {
      const sum = values.subarray(row * 16, row * 16 + 16).reduce((a, b) => a + b, base)
      expect(Math.abs(sum - margins[row * 2 + output]!)).toBeLessThan(1e-12)
    }
  }
  expect(() => treeInteractions(ensemble, x)).toThrow(ProblemError)
})

test('x <= t in single precision splits doubles the same way', () => {
  for (const t of [1, 0.1, -0.1, 0, 1e-45, 3.4e38, Number.POSITIVE_INFINITY])
    for (const by of [-3, -1, -0.5, 0, 0.5, 0.5000001, 1, 3]) {
      const value = t === 0 ? by * 1e-45 : t * (1 + by * 2 ** -24)
      if (Number.isFinite(value))
        expect([t, by, value <= thresholdAt(t)]).toEqual([t, by, Math.fround(value) <= Math.fround(t)])
    }
})

test('models without such trees are refused', () => {
  const graph = createGraph('none')
  graph.node('Identity', [graph.input('x', 'double', ['N', 2])], {}, { outputs: ['y'] })
  graph.output('y', 'double', ['N', 2])
  expect(() => readOnnxTrees(graph.encode())).toThrow(ProblemError)
  expect(() => readOnnxTrees(bytesOf(golden.sum).slice(0, 900))).toThrow(RangeError)
})
