import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'
import { treeInteractions } from '#ml/tree-shap/tree-interactions'
import { prepareTreeShap, treeShap } from '#ml/tree-shap/tree-shap'
import { boost, boostingDefaults } from '#ml/trees/boost'
import { predictMargins } from '#ml/trees/ensemble'
import { forestDefaults, growForest } from '#ml/trees/forest'
import { forestEnsemble } from '#ml/trees/forest-ensemble'
import { readLightgbm } from '#ml/trees/read-lightgbm'
import { prepareTreeScores } from '#ml/trees/score-trees'
import { wasmForestKernels } from '../forest/forest-kernels.ts'
import { wasmTreeKernels } from '../trees/tree-kernels.ts'
import { wasmShapKernels } from './shap-kernels.ts'

interface Golden {
  readonly x: (number | null)[][]
  readonly y: number[]
  readonly train: number
  readonly losses: number[]
  readonly model: Parameters<typeof readLightgbm>[0]
  readonly margins: number[]
  readonly pathDependent: number[][]
  readonly interventional: number[][]
  readonly interventionalBase: number
}
const golden: Golden = JSON.parse(readFileSync(path.resolve('bench/parity/golden/ml-trees.json'), 'utf8'))
const features = golden.x[0]!.length
const rowsOf = (rows: (number | null)[][]) =>
  matrix(
    rows.length,
    features,
    Float64Array.from(rows.flat(), (value) => value ?? Number.NaN),
  )
const columnsOf = (rows: (number | null)[][]) =>
  Array.from({ length: features }, (_, f) => Float64Array.from(rows, (row) => row[f] ?? Number.NaN))
const explained = golden.x.slice(golden.train, golden.train + 40)
const ensemble = readLightgbm(golden.model)
const most = (gaps: ArrayLike<number>) => Array.from(gaps).reduce((a, b) => Math.max(a, Math.abs(b)), 0)

test('margins equal LightGBM’s', () => {
  const margins = predictMargins(ensemble, columnsOf(explained), explained.length)
  expect(most(margins.map((margin, row) => margin - golden.margins[row]!))).toBeLessThan(1e-12)
})

test('path-dependent values equal LightGBM’s pred_contrib', () => {
  const { values, base } = treeShap(wasmShapKernels, ensemble, rowsOf(explained))
  const peer = golden.pathDependent.flatMap((row) => row.slice(0, features))
  expect(most(values.map((value, i) => value - peer[i]!))).toBeLessThan(1e-12)
  expect(Math.abs(base - golden.pathDependent[0]!.at(-1)!)).toBeLessThan(1e-12)
})

interface WoodelfGolden {
  readonly model: Golden['model']
  readonly explained: number[][]
  readonly background: number[][]
  readonly pathDependent: number[][]
  readonly interventional: number[][]
}

// woodelf keeps leaf values and what it sums in single precision
test('both kinds equal woodelf’s', () => {
  const woodelf = JSON.parse(readFileSync(path.resolve('bench/parity/golden/ml-woodelf.json'), 'utf8')) as WoodelfGolden
  const own = readLightgbm(woodelf.model)
  const rows = (values: number[][]) => matrix(values.length, values[0]!.length, Float64Array.from(values.flat()))
  const gap = (background: number[][] | undefined, peer: number[][]) => {
    const { values } = treeShap(wasmShapKernels, own, rows(woodelf.explained), background && rows(background))
    const expected = peer.flat()
    return most(values.map((value, i) => value - expected[i]!))
  }
  expect(gap(undefined, woodelf.pathDependent)).toBeLessThan(1e-6)
  expect(gap(woodelf.background, woodelf.interventional)).toBeLessThan(1e-6)
})

/** Shapley values from all subsets of features: mean margin over the background with the others' values replaced. */
function bySubsets(row: (number | null)[], background: (number | null)[][]): Float64Array {
  const subsets = 2 ** features
  const worth = Float64Array.from({ length: subsets }, (_, subset) => {
    const mixed = background.map((other) => row.map((value, f) => (subset & (1 << f) ? value : other[f]!)))
    return predictMargins(ensemble, columnsOf(mixed), mixed.length).reduce((a, b) => a + b, 0) / mixed.length
  })
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1))
  return Float64Array.from({ length: features }, (_, f) => {
    let value = 0
    for (let subset = 0; subset < subsets; subset++) {
      if (subset & (1 << f)) continue
      const size = subset.toString(2).replaceAll('0', '').length
      value +=
        ((factorial(size) * factorial(features - size - 1)) / factorial(features)) *
        (worth[subset | (1 << f)]! - worth[subset]!)
    }
    return value
  })
}

test('interventional values equal those from all subsets of features', () => {
  const background = golden.x.slice(0, 100)
  const { values } = treeShap(wasmShapKernels, ensemble, rowsOf(explained), rowsOf(background))
  for (const row of [0, 1, 2, 36]) {
    const slow = bySubsets(explained[row]!, background)
    expect(most(slow.map((value, f) => value - values[row * features + f]!))).toBeLessThan(1e-12)
  }
})

test('interventional values equal shap’s but on rows where shap is off by itself', () => {
  const { values, base } = treeShap(wasmShapKernels, ensemble, rowsOf(explained), rowsOf(golden.x.slice(0, 100)))
  // shap compares in single precision, so a value on a threshold may turn the other way: row 36, where all subsets confirm ours
  const compared = explained.map((_, row) => row).filter((row) => row !== 36)
  for (const row of compared) {
    const gaps = golden.interventional[row]!.map((value, f) => value - values[row * features + f]!)
    expect(most(gaps)).toBeLessThan(1e-7)
  }
  expect(Math.abs(base - golden.interventionalBase)).toBeLessThan(1e-7)
})

test('contributions add up to the margin, also on deep trees without tables', async () => {
  const columns = columnsOf(golden.x)
  const wide = [
    ...columns,
    ...columns.map((column) => column.map((value, row) => value * Math.sin(row))),
    ...columns.map((column) => column.map((value, row) => value + (row % 13))),
  ]
  const own = await boost(
    wasmTreeKernels,
    { train: { columns: wide, labels: Float64Array.from(golden.y) } },
    { ...boostingDefaults, rounds: 8, leaves: 200, minRows: 2, minHessian: 0 },
  )
  const rows = 25
  const x = matrix(
    rows,
    wide.length,
    Float64Array.from({ length: rows * wide.length }, (_, i) => wide[i % wide.length]![Math.floor(i / wide.length)]!),
  )
  const margins = predictMargins(own.ensemble, wide, rows)
  for (const background of [undefined, x]) {
    const { values, base } = treeShap(wasmShapKernels, own.ensemble, x, background)
    for (let row = 0; row < rows; row++) {
      const sum = values.subarray(row * wide.length, (row + 1) * wide.length).reduce((a, b) => a + b, base)
      expect(Math.abs(sum - margins[row]!)).toBeLessThan(1e-9)
    }
  }
})

test('log loss on held-out rows lies within the spread of LightGBM’s seeds', async () => {
  const columns = columnsOf(golden.x)
  const part = (from: number, to: number) => ({
    columns: columns.map((column) => column.slice(from, to)),
    labels: Float64Array.from(golden.y.slice(from, to)),
  })
  const { validation } = await boost(
    wasmTreeKernels,
    { train: part(0, golden.train), validation: part(golden.train, golden.y.length) },
    { ...boostingDefaults, rounds: 60, leaves: 15 },
  )
  const width = Math.max(...golden.losses) - Math.min(...golden.losses)
  expect(validation.at(-1)!).toBeGreaterThan(Math.min(...golden.losses) - width)
  expect(validation.at(-1)!).toBeLessThan(Math.max(...golden.losses) + width)
})

test('lines of the interaction squares add up to the contributions', () => {
  const x = rowsOf(explained)
  for (const background of [undefined, rowsOf(golden.x.slice(0, 60))]) {
    const whole = treeShap(wasmShapKernels, ensemble, x, background)
    const { values, base } = treeInteractions(ensemble, x, background)
    const lines = whole.values.map((_, at) =>
      values.subarray(at * features, (at + 1) * features).reduce((a, b) => a + b, 0),
    )
    expect(most(lines.map((line, at) => line - whole.values[at]!))).toBeLessThan(1e-12)
    expect(Math.abs(base - whole.base)).toBeLessThan(1e-12)
  }
})

test('splits on categories say what thresholds on their codes say', () => {
  // feature 0 in whole numbers: a threshold is the set of the numbers up to it
  const codes = [-2, -1, 0, 1, 2]
  const whole = (table: typeof explained) =>
    table.map(([first, ...rest]) => [first === null || first === undefined ? null : Math.round(first), ...rest])
  const inSets = ensemble.trees.map((tree) => ({
    ...tree,
    categories: [...tree.feature].map((feature, node) =>
      feature === 0 ? Float64Array.from(codes.filter((code) => code <= tree.threshold[node]!)) : undefined,
    ),
    threshold: tree.threshold.map((threshold, node) => (tree.feature[node] === 0 ? 0 : threshold)),
  }))
  const known = whole(golden.x).filter(([first]) => first === null || codes.includes(first!))
  const [x, background] = [rowsOf(known.slice(0, 30)), rowsOf(known.slice(30, 80))]
  for (const others of [undefined, background]) {
    const plain = treeShap(wasmShapKernels, ensemble, x, others)
    const sets = treeShap(wasmShapKernels, { ...ensemble, trees: inSets }, x, others)
    expect(most(plain.values.map((value, at) => value - sets.values[at]!))).toBeLessThan(1e-12)
    expect(Math.abs(plain.base - sets.base)).toBeLessThan(1e-12)
  }
})

test('tables for many rows and quadrature for few agree, also on deep trees with features that come again', async () => {
  const random = createRandom(8)
  const columns = Array.from({ length: 7 }, () => Float64Array.from({ length: 3_000 }, () => random.normal()))
  const labels = Float64Array.from(columns[0]!, (value, row) => value * columns[1]![row]! + 0.3 * random.normal())
  const settings = { ...forestDefaults(7, 0), trees: 3, seed: 1, threads: 1 }
  const forest = forestEnsemble(await growForest(wasmForestKernels, { columns, labels, classes: 0 }, settings))
  const x = matrix(
    600,
    7,
    Float64Array.from({ length: 4_200 }, (_, cell) => columns[cell % 7]![Math.floor(cell / 7)]!),
  )
  const many = treeShap(wasmShapKernels, forest, x)
  const explain = prepareTreeShap(wasmShapKernels, forest, 7, { rows: 1 })
  const few = Float64Array.from({ length: 600 }, (_, row) => row).reduce<number[]>((all, row) => {
    const single = explain(matrix(1, 7, x.values.subarray(row * 7, row * 7 + 7)))
    return all.concat(...single.values)
  }, [])
  // sums over some 2,000 leaves, each of up to 7 features
  expect(most(many.values.map((value, cell) => value - few[cell]!))).toBeLessThan(1e-12)
  const margins = predictMargins(forest, columns, 600)
  const sums = margins.map((_, row) => few.slice(row * 7, row * 7 + 7).reduce((a, b) => a + b, many.base))
  expect(most(margins.map((margin, row) => margin - sums[row]!))).toBeLessThan(1e-12)
})

test('scores have the bytes of the margins: one output and several, missing cells, trees without a split', async () => {
  const random = createRandom(10)
  const columns = Array.from({ length: 6 }, () =>
    Float64Array.from({ length: 1_003 }, () => (random.uniform() < 0.1 ? Number.NaN : random.normal())),
  )
  const labels = Float64Array.from({ length: 1_003 }, () => random.integer(3))
  const settings = { ...boostingDefaults, loss: 'softmax', classes: 3, rounds: 5, threads: 1 } as const
  const many = (await boost(wasmTreeKernels, { train: { columns, labels } }, settings)).ensemble
  const x = matrix(
    1_003,
    6,
    Float64Array.from({ length: 6_018 }, (_, cell) => columns[cell % 6]![Math.floor(cell / 6)]!),
  )
  const stump = { ...many, trees: many.trees.map((tree) => ({ ...tree, feature: new Int32Array(1).fill(-1) })) }
  for (const scored of [many, stump])
    expect(prepareTreeScores(wasmShapKernels, scored, 6)(x)).toEqual(predictMargins(scored, columns, 1_003))
})

test('features in plenty on a path: as many as masks hold in a word', async () => {
  const random = createRandom(9)
  const columns = Array.from({ length: 40 }, () => Float64Array.from({ length: 400 }, () => random.normal()))
  const labels = Float64Array.from({ length: 400 }, (_, row) => columns.reduce((sum, column) => sum + column[row]!, 0))
  const settings = { ...forestDefaults(40, 0), tryFeatures: 1, trees: 2, seed: 1, threads: 1, randomThresholds: true }
  const forest = forestEnsemble(await growForest(wasmForestKernels, { columns, labels, classes: 0 }, settings))
  const x = matrix(
    5,
    40,
    Float64Array.from({ length: 200 }, (_, cell) => columns[cell % 40]![Math.floor(cell / 40)]!),
  )
  const background = matrix(
    30,
    40,
    Float64Array.from({ length: 1_200 }, (_, cell) => columns[cell % 40]![Math.floor(cell / 40) + 50]!),
  )
  for (const held of [undefined, background]) {
    const { values, base } = treeShap(wasmShapKernels, forest, x, held)
    const margins = predictMargins(forest, columns, 5)
    const sums = margins.map((_, row) => values.subarray(row * 40, row * 40 + 40).reduce((a, b) => a + b, base))
    expect(most(margins.map((margin, row) => margin - sums[row]!))).toBeLessThan(1e-12)
  }
})
