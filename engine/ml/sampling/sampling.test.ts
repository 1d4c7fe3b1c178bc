import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { nearestOthers, neighbourTree } from '../cluster/neighbour-tree.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { adasyn, rowsPerBase } from './adasyn.ts'
import { classRows, countClasses, takeMatrixRows } from './class-counts.ts'
import { overSampleRows, underSampleRows } from './random-sampling.ts'
import { type OverSampled, smote } from './smote.ts'
import { mixedNeighbours, smoteMixed } from './smote-nc.ts'

interface Golden {
  x: number[][]
  y: number[]
  categories: number[][]
  neighbours: number[][]
  totals: number[]
  mean: number[]
  covariance: number[][]
  mixedNeighbours: number[][]
  levelShares: number[][]
  adasynCounts: number[]
  adasynTotals: number[]
}
const golden = readGolden<Golden>('ml-sampling')
const toMatrix = (rows: number[][]): Matrix => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const x = toMatrix(golden.x)
const y = Int32Array.from(golden.y)
const categories = golden.categories.map((codes) => ({ codes: Int32Array.from(codes), levels: 3 }))
const inRows = (rows: Uint32Array, k: number) =>
  Array.from({ length: rows.length / k }, (_, i) => Array.from(rows.subarray(i * k, i * k + k)))

test('neighbours are those that imbalanced-learn draws from, numbers alone and with categories', () => {
  const rows = classRows(y, 1)
  const own = nearestOthers(neighbourTree(takeMatrixRows(x, rows)), 5)
  expect(inRows(own.rows, 5)).toEqual(golden.neighbours)
  const mixed = mixedNeighbours(x, categories, rows, 5)
  expect(inRows(mixed.rows, 5)).toEqual(golden.mixedNeighbours)
})

/** Originals come first, and each synthetic row lies between its two, which are neighbours of its class. */
function expectBetween(result: OverSampled, neighboursOf: (row: number) => number[]) {
  expect(result.x.values.slice(0, x.values.length)).toEqual(x.values)
  expect(result.codes.slice(0, y.length)).toEqual(y)
  result.step.forEach((step, i) => {
    const [base, neighbour] = [result.base[i]!, result.neighbour[i]!]
    expect(y[base]).toBe(result.codes[y.length + i])
    expect(neighboursOf(base)).toContain(neighbour)
    for (let j = 0; j < 3; j++) {
      const [a, b] = [x.values[base * 3 + j]!, x.values[neighbour * 3 + j]!]
      expect(result.x.values[(y.length + i) * 3 + j]).toBe(a + step * (b - a))
    }
  })
}

function classNeighbours(row: number): number[] {
  const rows = classRows(y, y[row]!)
  const { rows: found } = nearestOthers(neighbourTree(takeMatrixRows(x, rows)), 5)
  const place = rows.indexOf(row)
  return Array.from(found.subarray(place * 5, place * 5 + 5), (other) => rows[other]!)
}

test('SMOTE fills every class up, each row between two neighbours', () => {
  const result = smote(x, y, 3, createRandom(1))
  expect(Array.from(countClasses(result.codes, 3))).toEqual(golden.totals)
  expectBetween(result, classNeighbours)
  expect(smote(x, y, 3, createRandom(1))).toEqual(result)
  expect(smote(x, y, 3, createRandom(2))).not.toEqual(result)
})

/** 13,000 rows each; the standard error of a mean is below 0.02. */
test('synthetic rows have the mean and covariance of imbalanced-learn over 200 seeds', () => {
  const sums = new Float64Array(3)
  const products = new Float64Array(9)
  let n = 0
  for (let seed = 0; seed < 200; seed++) {
    const { values } = smote(x, y, 3, createRandom(seed), { wanted: [100, 100, 0] }).x
    for (let at = x.values.length; at < values.length; at += 3, n++)
      for (let j = 0; j < 3; j++) {
        sums[j]! += values[at + j]!
        for (let k = 0; k < 3; k++) products[j * 3 + k]! += values[at + j]! * values[at + k]!
      }
  }
  const means = Array.from(sums, (sum) => sum / n)
  means.forEach((mean, j) => {
    expect(Math.abs(mean - golden.mean[j]!)).toBeLessThan(0.06)
    for (let k = 0; k < 3; k++)
      expect(Math.abs(products[j * 3 + k]! / n - mean * means[k]! - golden.covariance[j]![k]!)).toBeLessThan(0.1)
  })
})

test('SMOTE-NC gives each category the most frequent level of the neighbours', () => {
  const counts = categories.map(() => new Float64Array(3))
  for (let seed = 0; seed < 60; seed++) {
    const result = smoteMixed(x, categories, y, 3, createRandom(seed), { wanted: [0, 100, 0] })
    result.categories.forEach((codes, c) => {
      expect(codes.length).toBe(result.codes.length)
      for (let i = y.length; i < codes.length; i++) counts[c]![codes[i]!]! += 1 / (65 * 60)
    })
  }
  // ties go to the nearest neighbour's level here and are drawn there
  counts.forEach((shares, c) => {
    expect(largestDifference(shares, golden.levelShares[c])).toBeLessThan(0.08)
  })
  const rows = classRows(y, 1)
  const found = mixedNeighbours(x, categories, rows, 5)
  const result = smoteMixed(x, categories, y, 3, createRandom(4), { wanted: [0, 100, 0] })
  expectBetween(result, (row) => {
    const place = rows.indexOf(row)
    return Array.from(found.rows.subarray(place * 5, place * 5 + 5), (other) => rows[other]!)
  })
  result.base.forEach((base, i) => {
    const place = rows.indexOf(base)
    categories.forEach(({ codes }, c) => {
      const levels = Array.from(found.rows.subarray(place * 5, place * 5 + 5), (other) => codes[rows[other]!]!)
      const count = (level: number) => levels.filter((other) => other === level).length
      expect(count(result.categories[c]![y.length + i]!)).toBe(Math.max(...levels.map(count)))
    })
  })
})

test('ADASYN repeats each row as often as imbalanced-learn', () => {
  const all = nearestOthers(neighbourTree(x), 5)
  expect(Array.from(rowsPerBase(classRows(y, 1), y, 1, all, 65))).toEqual(golden.adasynCounts)
  const result = adasyn(x, y, 3, createRandom(1))
  expect(Array.from(countClasses(result.codes, 3))).toEqual(golden.adasynTotals)
  expectBetween(result, classNeighbours)
  expect(() =>
    adasyn(
      matrix(8, 1, Float64Array.of(0, 1, 2, 3, 4, 5, 900, 901)),
      Int32Array.of(0, 0, 0, 0, 0, 0, 1, 1),
      2,
      createRandom(1),
      { neighbours: 1 },
    ),
  ).toThrow(/ADASYN/)
})

test('random sampling gives every class its count', () => {
  const codes = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 60 })
  fc.assert(
    fc.property(codes, fc.integer(), (drawn, seed) => {
      const all = Int32Array.from(drawn)
      const counts = countClasses(all, 4)
      const over = overSampleRows(all, 4, createRandom(seed))
      const most = Math.max(...counts)
      const after = countClasses(
        Int32Array.from(over, (row) => all[row]!),
        4,
      )
      expect(Array.from(after)).toEqual(Array.from(counts, (count) => (count > 0 ? most : 0)))
      expect(Array.from(over.subarray(0, all.length))).toEqual(Array.from(all.keys()))
      const under = underSampleRows(all, 4, createRandom(seed))
      const least = Math.min(...counts.filter((count) => count > 0))
      const left = countClasses(
        Int32Array.from(under, (row) => all[row]!),
        4,
      )
      expect(Array.from(left)).toEqual(Array.from(counts, (count) => Math.min(count, least)))
      expect(new Set(under).size).toBe(under.length)
    }),
  )
  expect(underSampleRows(Int32Array.of(0, 0, 0, 1), 2, createRandom(1), [2, 9]).length).toBe(3)
})

test('balanced classes stay as they are, and a single row or a missing cell is refused', () => {
  const even = Int32Array.of(0, 1)
  const two = matrix(2, 1, Float64Array.of(1, 2))
  expect(smote(two, even, 2, createRandom(1)).x).toEqual(two)
  expect(adasyn(two, even, 2, createRandom(1)).x).toEqual(two)
  expect(() => smote(matrix(3, 1), Int32Array.of(0, 0, 1), 2, createRandom(1))).toThrow(ProblemError)
  expect(() => smote(matrix(1, 1, Float64Array.of(Number.NaN)), Int32Array.of(0), 1, createRandom(1))).toThrow(
    ProblemError,
  )
  const same = smote(matrix(5, 1, new Float64Array(5).fill(3)), Int32Array.of(0, 0, 0, 1, 1), 2, createRandom(1))
  expect(Array.from(same.x.values)).toEqual([3, 3, 3, 3, 3, 3])
})
