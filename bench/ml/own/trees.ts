import { wasmForestKernels } from '#compute/wasm/forest/forest-kernels'
import { wasmShapKernels } from '#compute/wasm/shap/shap-kernels'
import { wasmTreeKernels } from '#compute/wasm/trees/tree-kernels'
import { prepareTreeShap, treeShap } from '#ml/tree-shap/tree-shap'
import { boost, boostingDefaults } from '#ml/trees/boost'
import { forestDefaults, growForest } from '#ml/trees/forest'
import { forestEnsemble } from '#ml/trees/forest-ensemble'
import type { OwnData, Prepare } from '../own-data.ts'

const boosted = ({ columns, labels }: OwnData, threads: number) =>
  boost(wasmTreeKernels, { train: { columns, labels } }, { ...boostingDefaults, rounds: 100, threads })

const forest = ({ columns, labels, features }: OwnData, threads: number) =>
  growForest(wasmForestKernels, { columns, labels, classes: 2 }, { ...forestDefaults(features, 2), seed: 1, threads })

/** Explains the first `rows` rows, against `background` rows from 20,000 on when given. */
const explained =
  (rows: number, background = 0): Prepare =>
  async (data) => {
    const { ensemble } = await boosted(data, 2)
    const x = data.rowMajor(0, rows)
    const held = background > 0 ? data.rowMajor(20_000, 20_000 + background) : undefined
    return () => treeShap(wasmShapKernels, ensemble, x, held)
  }

const deepForest =
  (compared: boolean): Prepare =>
  async (data) => {
    const ensemble = forestEnsemble(await forest(data, 2))
    const x = data.rowMajor(0, compared ? 40 : 200)
    const background = compared ? data.rowMajor(10_000, 10_100) : undefined
    const explain = prepareTreeShap(wasmShapKernels, ensemble, data.features, { background, output: 1, rows: x.rows })
    return () => explain(x)
  }

export const works: Readonly<Record<string, Prepare>> = {
  boosting: async (data) => () => boosted(data, data.threads),
  forest: async (data) => () => forest(data, data.threads),
  'shap-path': explained(10_000),
  'shap-background-100': explained(1_000, 100),
  'shap-background-10000': explained(10_000, 10_000),
  'shap-one-row': async (data) => {
    const { ensemble } = await boosted(data, 2)
    const single = Array.from({ length: 200 }, (_, row) => data.rowMajor(row, row + 1))
    const explain = prepareTreeShap(wasmShapKernels, ensemble, data.features, { rows: 1 })
    return () => single.map(explain)
  },
  'shap-background-one-row': async (data) => {
    const { ensemble } = await boosted(data, 2)
    const background = data.rowMajor(20_000, 20_100)
    const single = Array.from({ length: 200 }, (_, row) => data.rowMajor(row, row + 1))
    const explain = prepareTreeShap(wasmShapKernels, ensemble, data.features, { background, rows: 1 })
    return () => single.map(explain)
  },
  'shap-deep-forest': deepForest(false),
  'shap-background-deep-forest': deepForest(true),
}
