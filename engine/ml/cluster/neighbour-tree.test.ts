import { expect, test } from 'vitest'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { type NeighbourMetric, nearestOthers, nearestRows, neighbourTree, withinRadius } from './neighbour-tree.ts'

function gap(a: Matrix, i: number, b: Matrix, j: number, metric: NeighbourMetric): number {
  const gaps = Array.from({ length: a.columns }, (_, c) =>
    Math.abs(a.values[i * a.columns + c]! - b.values[j * b.columns + c]!),
  )
  return metric === 'chebyshev' ? Math.max(...gaps) : Math.sqrt(gaps.reduce((sum, x) => sum + x * x, 0))
}

/** All distances, sorted; equal ones in row order. */
const bruteForce = (points: Matrix, queries: Matrix, i: number, metric: NeighbourMetric, without = -1) =>
  Array.from({ length: points.rows }, (_, row) => ({ row, distance: gap(queries, i, points, row, metric) }))
    .filter(({ row }) => row !== without)
    .sort((a, b) => a.distance - b.distance || a.row - b.row)

/** Whole numbers make many ties, and all sums of squares exact. */
function drawPoints(rows: number, columns: number, whole: boolean): Matrix {
  const random = createRandom(rows * 100 + columns)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => (whole ? random.integer(5) : random.normal())),
  )
}

for (const metric of ['euclidean', 'chebyshev'] as const)
  for (const columns of [1, 2, 9, 20])
    for (const whole of [true, false])
      test(`nearest of ${columns} ${whole ? 'whole' : 'real'} columns, ${metric}, equal all distances sorted`, () => {
        const points = drawPoints(230, columns, whole)
        const queries = drawPoints(11, columns, whole)
        const tree = neighbourTree(points)
        const own = nearestOthers(tree, 7, metric)
        for (let i = 0; i < points.rows; i += 9) {
          const wanted = bruteForce(points, points, i, metric, i).slice(0, 7)
          expect(Array.from(own.rows.subarray(i * 7, i * 7 + 7))).toEqual(wanted.map(({ row }) => row))
          wanted.forEach(({ distance }, k) => {
            expect(own.distances[i * 7 + k]).toBeCloseTo(distance, 12)
          })
        }
        const other = nearestRows(tree, queries, 4, metric)
        for (let i = 0; i < queries.rows; i++) {
          const sorted = bruteForce(points, queries, i, metric)
          expect(Array.from(other.rows.subarray(i * 4, i * 4 + 4))).toEqual(sorted.slice(0, 4).map(({ row }) => row))
          const radius = sorted[17]!.distance
          const found: number[] = []
          withinRadius(tree, queries.values, i * columns, radius * (1 + 1e-12), metric, (row) => {
            found.push(row)
          })
          const inside = sorted.filter(({ distance }) => distance <= radius * (1 + 1e-12)).map(({ row }) => row)
          expect(found.sort((a, b) => a - b)).toEqual(inside.sort((a, b) => a - b))
        }
      })

test('few rows have fewer neighbours', () => {
  const two = neighbourTree(matrix(2, 1, Float64Array.of(3, 5)))
  expect(nearestOthers(two, 5)).toEqual({ k: 1, rows: Uint32Array.of(1, 0), distances: Float64Array.of(2, 2) })
  expect(nearestOthers(neighbourTree(matrix(1, 1)), 5).k).toBe(0)
  expect(nearestRows(neighbourTree(matrix(0, 1)), matrix(1, 1), 5).k).toBe(0)
})

test('one point many times: neighbours are its first rows, for few and many columns', () => {
  for (const columns of [2, 13]) {
    const values = Float64Array.from({ length: 200 * columns }, (_, at) => Math.floor(at / columns) % 2)
    const { rows, distances } = nearestOthers(neighbourTree(matrix(200, columns, values)), 3)
    expect(Array.from(rows.subarray(0, 12))).toEqual([2, 4, 6, 3, 5, 7, 0, 4, 6, 1, 5, 7])
    expect(Array.from(rows.subarray(597))).toEqual([1, 3, 5])
    expect(distances.every((distance) => distance === 0)).toBe(true)
  }
  expect(nearestOthers(neighbourTree(matrix(1, 13)), 3).k).toBe(0)
})
