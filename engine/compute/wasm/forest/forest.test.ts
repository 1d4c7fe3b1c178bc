import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import type { ForestOptions, ForestRows } from '#contract'
import { predictMargins } from '#ml/trees/ensemble'
import { forestDefaults, forestImportance, growForest, predictForest, predictOutOfBag } from '#ml/trees/forest'
import { forestEnsemble } from '#ml/trees/forest-ensemble'
import { wasmForestKernels } from './forest-kernels.ts'

interface Golden {
  readonly x: (number | null)[][]
  readonly y: number[]
  readonly classes: number[]
  readonly numbers: number[]
  readonly train: number
  readonly forests: Record<'binary' | 'classes' | 'numbers' | 'extra', number[]>
}
const golden: Golden = JSON.parse(readFileSync(path.resolve('bench/parity/golden/ml-trees.json'), 'utf8'))
const features = golden.x[0]!.length
const columns = Array.from({ length: features }, (_, f) => Float64Array.from(golden.x, (row) => row[f] ?? Number.NaN))
const part = (from: number, to: number) => columns.map((column) => column.slice(from, to))
const heldOut = golden.x.length - golden.train
const tasks = {
  binary: { labels: golden.y, classes: 2 },
  classes: { labels: golden.classes, classes: 3 },
  numbers: { labels: golden.numbers, classes: 0 },
  extra: { labels: golden.y, classes: 2 },
}

function rowsOf(task: keyof typeof tasks): ForestRows {
  const { labels, classes } = tasks[task]
  return { columns: part(0, golden.train), labels: Float64Array.from(labels.slice(0, golden.train)), classes }
}
const grow = (task: keyof typeof tasks, more: Partial<ForestOptions> = {}) => {
  const extra = task === 'extra' ? { bootstrap: false, randomThresholds: true } : {}
  return growForest(wasmForestKernels, rowsOf(task), {
    ...forestDefaults(features, tasks[task].classes),
    trees: 60,
    seed: 5,
    threads: 2,
    ...extra,
    ...more,
  })
}

/** Accuracy, or R² for numbers, on the held-out rows. */
function score(task: keyof typeof tasks, predicted: Float64Array): number {
  const { labels, classes } = tasks[task]
  const actual = labels.slice(golden.train)
  if (classes === 0) {
    const mean = actual.reduce((a, b) => a + b, 0) / heldOut
    const total = actual.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return 1 - actual.reduce((sum, value, row) => sum + (value - predicted[row]!) ** 2, 0) / total
  }
  const said = (row: number) => {
    const own = [...predicted.subarray(row * classes, (row + 1) * classes)]
    return own.indexOf(Math.max(...own))
  }
  return actual.filter((label, row) => said(row) === label).length / heldOut
}

describe.each(Object.keys(tasks) as (keyof typeof tasks)[])('%s', (task) => {
  test('scores on held-out rows within the spread of scikit-learn’s seeds', async () => {
    const forest = await grow(task)
    const own = score(task, predictForest(forest, part(golden.train, golden.x.length), heldOut))
    const peers = golden.forests[task]
    const width = Math.max(...peers) - Math.min(...peers)
    expect(own).toBeGreaterThan(Math.min(...peers) - width / 2)
    expect(own).toBeLessThan(Math.max(...peers) + width)
  })

  test('is the same forest on one, two and three threads', async () => {
    const [one, two, three] = [
      await grow(task, { threads: 1, trees: 7 }),
      await grow(task, { threads: 2, trees: 7 }),
      await grow(task, { threads: 3, trees: 7 }),
    ]
    expect(two).toEqual(one)
    expect(three).toEqual(one)
  })
})

test('a full tree on all rows remembers every row that differs from the others', async () => {
  const forest = await grow('numbers', { trees: 1, bootstrap: false })
  const own = predictForest(forest, part(0, golden.train), golden.train)
  const off = own.filter((value, row) => Math.abs(value - golden.numbers[row]!) > 1e-9).length
  // rows closer to each other than a bin can stand in one leaf
  expect(off / golden.train).toBeLessThan(0.02)
})

test('out-of-bag predictions come close to held-out ones', async () => {
  const forest = await grow('binary')
  const rows = rowsOf('binary')
  const outOfBag = predictOutOfBag(forest, rows, 5)
  const right = rows.labels.filter((label, row) => outOfBag[row * 2 + 1]! > 0.5 === (label === 1)).length / golden.train
  expect(
    Math.abs(right - score('binary', predictForest(forest, part(golden.train, golden.x.length), heldOut))),
  ).toBeLessThan(0.05)
})

test('importance finds the columns that matter and adds up to one', async () => {
  const importance = forestImportance(await grow('numbers'), features)
  expect(importance.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
  for (const noise of [4, 5])
    for (const real of [0, 1, 2, 3]) expect(importance[real]!).toBeGreaterThan(importance[noise]!)
})

test('a weight of zero is the same as leaving the row out', async () => {
  const rows = rowsOf('numbers')
  const weights = Float64Array.from({ length: golden.train }, (_, row) => (row < 800 ? 1 : 0))
  const options = { ...forestDefaults(features, 0), trees: 1, bootstrap: false, seed: 1, threads: 1 }
  const weighted = await growForest(wasmForestKernels, { ...rows, weights }, options)
  const fewer = await growForest(
    wasmForestKernels,
    { ...rows, columns: rows.columns.map((column) => column.slice(0, 800)), labels: rows.labels.slice(0, 800) },
    options,
  )
  expect(weighted.trees[0]!.cover[0]).toBe(fewer.trees[0]!.cover[0])
  expect(weighted.trees[0]!.values[0]).toBeCloseTo(fewer.trees[0]!.values[0]!, 12)
})

test('a forest as a sum of trees predicts what the forest predicts', async () => {
  for (const task of ['binary', 'classes', 'numbers'] as const) {
    const forest = await grow(task, { trees: 9 })
    const columns = part(golden.train, golden.x.length)
    const asSum = predictMargins(forestEnsemble(forest), columns, heldOut)
    predictForest(forest, columns, heldOut).forEach((value, at) =>
      expect(Math.abs(asSum[at]! - value)).toBeLessThan(1e-12),
    )
  }
})
