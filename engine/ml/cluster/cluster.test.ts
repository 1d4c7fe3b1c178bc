import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { gapSquare, nearestCentres } from './assign-rows.ts'
import { dbscan } from './dbscan.ts'
import { groupRows } from './group-rows.ts'
import { kMeans, spreadCentres } from './k-means.ts'

interface Fit {
  centres: number[][]
  labels: number[]
  inertia: number
  rounds: number
}
interface Golden {
  x: number[][]
  initial: number[][]
  far: number[][]
  fit: Fit
  empty: Fit
  short: Fit
  inertia: [number, number, number]
  plane: number[][]
  scans: { radius: number; least: number; labels: number[]; core: number[] }[]
}
const golden = readGolden<Golden>('ml-sampling-clusters')
const toMatrix = (rows: number[][]): Matrix => matrix(rows.length, rows[0]!.length, Float64Array.from(rows.flat()))
const nested = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))
const x = toMatrix(golden.x)

test('k-means from the same centres equals scikit-learn, empty clusters and an early end included', () => {
  const cases = [
    [golden.initial, golden.fit, 300],
    [golden.far, golden.empty, 300],
    [golden.initial, golden.short, 2],
  ] as const
  for (const [initial, wanted, rounds] of cases) {
    const fit = kMeans(x, 6, createRandom(1), { initial: toMatrix(initial), rounds })
    expect(Array.from(fit.labels)).toEqual(wanted.labels)
    expect(largestDifference(nested(fit.centres), wanted.centres)).toBeLessThan(1e-12)
    expect(largestDifference([fit.inertia, fit.rounds], [wanted.inertia, wanted.rounds])).toBeLessThan(1e-12)
  }
})

test('k-means++ reaches the inertia of scikit-learn', () => {
  const [least, mean, most] = golden.inertia
  const inertias = Array.from({ length: 60 }, (_, seed) => kMeans(x, 6, createRandom(seed)).inertia)
  expect(Math.min(...inertias)).toBeGreaterThan(least * 0.97)
  expect(Math.max(...inertias)).toBeLessThan(most * 1.05)
  expect(inertias.reduce((a, b) => a + b, 0) / 60 / mean).toBeCloseTo(1, 1)
  const best = kMeans(x, 6, createRandom(1), { starts: 20 })
  expect(best.inertia).toBeLessThan(least * 1.02)
  expect(Array.from(nearestCentres(x, best.centres))).toEqual(Array.from(best.labels))
})

test('as many clusters as rows have no inertia, and more are refused', () => {
  const three = matrix(3, 1, Float64Array.of(1, 5, 9))
  const fit = kMeans(three, 3, createRandom(2))
  expect(fit.inertia).toBe(0)
  expect(new Set(fit.labels).size).toBe(3)
  expect(kMeans(matrix(3, 1), 2, createRandom(2)).inertia).toBe(0)
  expect(() => kMeans(three, 4, createRandom(2))).toThrow(/4 clusters of 3 rows/)
})

test('every first centre is a row, and none is drawn twice while others are left', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 2, maxLength: 30 }), (drawn) => {
      const points = matrix(drawn.length, 1, Float64Array.from(drawn))
      const centres = spreadCentres(points, Math.ceil(drawn.length / 2), createRandom(drawn[0]!)).values
      expect(new Set(centres).size).toBe(centres.length)
      for (const centre of centres) expect(drawn).toContain(centre)
    }),
  )
})

test('DBSCAN equals scikit-learn, numbers of clusters too', () => {
  const plane = toMatrix(golden.plane)
  for (const { radius, least, labels, core } of golden.scans) {
    const scan = dbscan(plane, radius, least)
    expect(Array.from(scan.labels)).toEqual(labels)
    expect(Array.from(scan.core.keys()).filter((row) => scan.core[row] === 1)).toEqual(core)
    expect(scan.clusters).toBe(Math.max(...labels) + 1)
  }
  expect(dbscan(matrix(0, 2), 1)).toMatchObject({ clusters: 0 })
  expect(Array.from(dbscan(matrix(1, 1), 1, 1).labels)).toEqual([0])
  expect(Array.from(dbscan(matrix(5, 1), 0, 5).labels)).toEqual([0, 0, 0, 0, 0])
})

test('core rows keep their clusters in any order of rows, up to their numbers', () => {
  const plane = toMatrix(golden.plane)
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const order = createRandom(seed).permutation(plane.rows)
      const moved = dbscan(toMatrix(Array.from(order, (row) => golden.plane[row]!)), 0.5, 5)
      const first = dbscan(plane, 0.5, 5)
      const names = new Map<number, number>()
      order.forEach((row, i) => {
        expect(moved.core[i]).toBe(first.core[row])
        expect(moved.labels[i]! < 0).toBe(first.labels[row]! < 0)
        if (moved.core[i] === 0) return
        if (!names.has(moved.labels[i]!)) names.set(moved.labels[i]!, first.labels[row]!)
        expect(names.get(moved.labels[i]!)).toBe(first.labels[row])
      })
    }),
    { numRuns: 20 },
  )
})

test('groups of k-means are a partition in which every row is nearest to its own centre', () => {
  const row = fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 }))
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 6 }),
      fc.nat(),
      (list, k, seed) => {
        const rows = list.map((values) => Float64Array.from(values))
        const groups = groupRows(rows, k, createRandom(seed))
        expect(groups.flat().sort((a, b) => a - b)).toEqual(rows.map((_, i) => i))
        expect(groups.length).toBeLessThanOrEqual(k)
        const centres = groups.map((group) =>
          Float64Array.of(...[0, 1].map((j) => group.reduce((sum, i) => sum + rows[i]![j]!, 0) / group.length)),
        )
        groups.forEach((group, g) => {
          for (const i of group)
            for (const other of centres)
              expect(gapSquare(rows[i]!, 0, centres[g]!, 0, 2)).toBeLessThanOrEqual(
                gapSquare(rows[i]!, 0, other, 0, 2) + 1e-9,
              )
        })
      },
    ),
  )
  expect(groupRows([], 3, createRandom(1))).toEqual([])
})

test('an empty cluster that takes the only row of another leaves no centre without a number', () => {
  const rows = matrix(4, 1, Float64Array.of(0, 0, 1, 200))
  const fit = kMeans(rows, 3, createRandom(1), { initial: matrix(3, 1, Float64Array.of(0, 50, 1e4)), rounds: 1 })
  expect(fit.centres.values.every(Number.isFinite)).toBe(true)
  const settled = kMeans(rows, 3, createRandom(1), { initial: matrix(3, 1, Float64Array.of(0, 50, 1e4)) })
  expect(settled.labels[3]).not.toBe(settled.labels[0])
  expect(settled.inertia).toBeLessThan(1)
})
