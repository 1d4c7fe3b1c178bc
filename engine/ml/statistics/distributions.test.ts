import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { betaCdf, betaQuantile } from './beta-distribution.ts'
import { chiSquareCdf, chiSquareQuantile, chiSquareTail } from './chi-square.ts'
import { fCdf, fQuantile, fTail } from './fisher-f.ts'
import { logGamma } from './gamma.ts'
import { kolmogorovTail } from './kolmogorov-smirnov.ts'
import { normalCdf, normalQuantile, normalTwoSided } from './normal.ts'
import { studentTCdf, studentTQuantile, studentTTwoSided } from './student-t.ts'

type Golden = Record<string, number[]> & Record<'pairs' | 'shapes', [number, number][]>
const golden = readGolden<Golden>('ml-stats-distributions')
const { x, p, positive, degrees, pairs, shapes, unit } = golden as Required<Golden>

/** Largest relative difference, so that far tails count as much as the middle. */
function relative(actual: readonly unknown[], expected: unknown): number {
  const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [value as number])
  const want = flat(expected)
  return Math.max(...flat(actual).map((value, i) => (value === want[i] ? 0 : Math.abs(value / want[i]! - 1))))
}
const grid = <A, B>(rows: readonly A[], columns: readonly B[], of: (row: A, column: B) => number) =>
  rows.map((row) => columns.map((column) => of(row, column)))

test('normal distribution equals SciPy, tails included', () => {
  expect(relative(x!.map(normalCdf), golden.normalCdf)).toBeLessThan(1e-13)
  expect(relative(p!.map(normalQuantile), golden.normalQuantile)).toBeLessThan(1e-9)
  expect(normalTwoSided(1.959963984540054)).toBeCloseTo(0.05, 14)
  expect(normalQuantile(0)).toBe(Number.NEGATIVE_INFINITY)
  expect(normalQuantile(1.5)).toBeNaN()
})

test('gamma and chi-square equal SciPy', () => {
  expect(largestDifference(positive!.map(logGamma), golden.logGamma)).toBeLessThan(1e-14)
  expect(
    relative(
      grid(degrees!, positive!, (d, v) => chiSquareCdf(v, d)),
      golden.chiSquareCdf,
    ),
  ).toBeLessThan(1e-12)
  expect(
    relative(
      grid(degrees!, positive!, (d, v) => chiSquareTail(v, d)),
      golden.chiSquareTail,
    ),
  ).toBeLessThan(1e-12)
  expect(
    relative(
      grid(degrees!, p!, (d, v) => chiSquareQuantile(v, d)),
      golden.chiSquareQuantile,
    ),
  ).toBeLessThan(1e-9)
})

test('t, F and beta equal SciPy', () => {
  expect(
    relative(
      grid(degrees!, x!, (d, v) => studentTCdf(v, d)),
      golden.tCdf,
    ),
  ).toBeLessThan(1e-11)
  expect(
    largestDifference(
      grid(degrees!, p!, (d, v) => studentTQuantile(v, d)),
      golden.tQuantile,
    ),
  ).toBeLessThan(1e-9)
  expect(studentTTwoSided(2.2281388519862735, 10)).toBeCloseTo(0.05, 12)
  expect(
    relative(
      grid(pairs, positive!, ([a, b], v) => fCdf(v, a, b)),
      golden.fCdf,
    ),
  ).toBeLessThan(1e-10)
  expect(
    relative(
      grid(pairs, positive!, ([a, b], v) => fTail(v, a, b)),
      golden.fTail,
    ),
  ).toBeLessThan(1e-10)
  expect(
    relative(
      grid(pairs, p!, ([a, b], v) => fQuantile(v, a, b)),
      golden.fQuantile,
    ),
  ).toBeLessThan(1e-7)
  expect(
    relative(
      grid(shapes, unit!, ([a, b], v) => betaCdf(v, a, b)),
      golden.betaCdf,
    ),
  ).toBeLessThan(1e-10)
  expect(
    largestDifference(
      grid(shapes, p!, ([a, b], v) => betaQuantile(v, a, b)),
      golden.betaQuantile,
    ),
  ).toBeLessThan(1e-10)
})

test('the limiting Kolmogorov distribution equals SciPy', () => {
  expect(largestDifference(positive!.slice(0, 5).map(kolmogorovTail), golden.kolmogorov)).toBeLessThan(1e-14)
})
