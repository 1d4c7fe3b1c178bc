import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { drawBinomial, drawMultinomial } from './binomial-draw.ts'

/** Probabilities of 0 to n successes. */
function masses(n: number, p: number): Float64Array {
  const out = new Float64Array(n + 1)
  let log = n * Math.log1p(-p)
  for (let k = 0; k <= n; k++) {
    out[k] = Math.exp(log)
    log += Math.log((n - k) / (k + 1)) + Math.log(p / (1 - p))
  }
  return out
}

test.each([
  [12, 0.2],
  [40, 0.1],
  [60, 0.45],
  [300, 0.7],
])('%i tries at %f fall as the distribution says', (n, p) => {
  const random = createRandom(4).split(`${n} ${p}`)
  const draws = 200_000
  const counts = new Float64Array(n + 1)
  for (let draw = 0; draw < draws; draw++) counts[drawBinomial(n, p, random)]!++
  let square = 0
  let cells = 0
  masses(n, p).forEach((mass, k) => {
    const expected = draws * mass
    if (expected < 10) return
    square += (counts[k]! - expected) ** 2 / expected
    cells++
  })
  // chi-square with about as many degrees as cells: 5 standard deviations
  expect(square).toBeLessThan(cells + 5 * Math.sqrt(2 * cells))
})

test('a million tries have the mean and the variance of the distribution', () => {
  const random = createRandom(5)
  const draws = Float64Array.from({ length: 20_000 }, () => drawBinomial(1e6, 0.3, random))
  const mean = draws.reduce((sum, value) => sum + value / draws.length, 0)
  const variance = draws.reduce((sum, value) => sum + (value - mean) ** 2 / draws.length, 0)
  expect(Math.abs(mean - 3e5)).toBeLessThan((5 * Math.sqrt(2.1e5)) / Math.sqrt(20_000))
  expect(Math.abs(variance / 2.1e5 - 1)).toBeLessThan(0.05)
})

test('edges: no tries, and what is certain', () => {
  const random = createRandom(6)
  expect([drawBinomial(0, 0.5, random), drawBinomial(7, 0, random), drawBinomial(7, 1, random)]).toEqual([0, 0, 7])
})

test('a multinomial draw shares out all tries, none to cells of weight 0', () => {
  const random = createRandom(7)
  const out = new Float64Array(5)
  for (let draw = 0; draw < 200; draw++) {
    drawMultinomial(1_000, Float64Array.of(3, 0, 1, 6, 0), random, out)
    expect(out.reduce((sum, value) => sum + value, 0)).toBe(1_000)
    expect([out[1], out[4]]).toEqual([0, 0])
  }
})
