import { writeFileSync } from 'node:fs'
import { onnxSessions } from '#compute/neural/onnx-session'
import { wasmShapKernels } from '#compute/wasm/shap/shap-kernels'
import { wasmTreeKernels } from '#compute/wasm/trees/tree-kernels'
import { featureGrid } from '#ml/explain/feature-grid'
import { kernelShap } from '#ml/explain/kernel-shap'
import { partialDependence } from '#ml/explain/partial-dependence'
import { permutationImportance } from '#ml/explain/permutation-importance'
import type { ScoreRows } from '#ml/explain/score-rows'
import { createGraph } from '#ml/onnx/graph-builder'
import { boost, boostingDefaults } from '#ml/trees/boost'
import { emitTrees } from '#ml/trees/emit-trees'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { prepareTreeScores } from '#ml/trees/score-trees'
import type { OwnData, Prepare } from '../own-data.ts'

/**
 * 100 boosted trees as ONNX, which the peer reads from beside the data: scored by ONNX Runtime with one thread, or by our
 * kernels from the trees that a model of ours names.
 */
async function boostedModel(data: OwnData, by: Scorer): Promise<ScoreRows> {
  const { columns, labels, features, file } = data
  const settings = { ...boostingDefaults, rounds: 100, threads: 2 }
  const { ensemble } = await boost(wasmTreeKernels, { train: { columns, labels } }, settings)
  const graph = createGraph('trees')
  const x = graph.input('x', 'double', ['N', features])
  graph.node('Sigmoid', [emitTrees(graph, x, ensemble)], {}, { outputs: ['scores'] })
  graph.output('scores', 'double', ['N', 1])
  const bytes = graph.encode()
  writeFileSync(`${file}.onnx`, bytes)
  return by === 'runtime' ? runtimeScores(bytes) : kernelScores(ensemble, features)
}

type Scorer = 'runtime' | 'kernels'

async function runtimeScores(model: Uint8Array): Promise<ScoreRows> {
  const session = await onnxSessions(1)(model)
  return async ({ rows, columns, values }) => {
    const { scores } = await session.run({ x: { type: 'double', shape: [rows, columns], values } })
    return scores!.values as Float64Array
  }
}

function kernelScores(ensemble: TreeEnsemble, features: number): ScoreRows {
  const margins = prepareTreeScores(wasmShapKernels, ensemble, features)
  return (x) => margins(x).map((margin) => 1 / (1 + Math.exp(-margin)))
}

const explanations: Readonly<Record<string, (score: ScoreRows, data: OwnData) => () => Promise<unknown>>> = {
  'kernel-shap': (score, data) => {
    const [x, background] = [data.rowMajor(0, 10), data.rowMajor(20_000, 20_100)]
    return () => kernelShap(score, x, background, named(data), { samples: 1_000 })
  },
  permutation: (score, data) => {
    const rows = data.rowMajor(0, 10_000)
    const accuracy = (scores: Float64Array) =>
      scores.reduce((hits, value, row) => hits + (value > 0.5 === (data.labels[row] === 1) ? 1 : 0), 0) / scores.length
    return () => permutationImportance(score, rows, accuracy, named(data))
  },
  'partial-dependence': (score, data) => {
    const rows = data.rowMajor(0, 2_000)
    const grids = data.columns.slice(0, 5).map((column) => featureGrid(column.slice(0, 2_000), { resolution: 50 }))
    return async () => {
      for (const [column, grid] of grids.entries()) await partialDependence(score, rows, column, grid)
    }
  },
}

const named = (data: OwnData) => data.columns.map((_, f) => `c${f}`)

const preparedBy =
  (name: string, by: Scorer): Prepare =>
  async (data) =>
    explanations[name]!(await boostedModel(data, by), data)

export const works: Readonly<Record<string, Prepare>> = Object.fromEntries(
  Object.keys(explanations).flatMap((name) => [
    [name, preparedBy(name, 'runtime')],
    [`${name}-trees`, preparedBy(name, 'kernels')],
  ]),
)
