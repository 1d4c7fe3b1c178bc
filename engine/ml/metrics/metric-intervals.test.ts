import { expect, test } from 'vitest'
import { createRandom } from '../random/random.ts'
import { classificationMetrics } from './classification-metrics.ts'
import { regressionMetrics } from './regression-metrics.ts'

const random = createRandom(21)
const rows = 300
const actual = Int32Array.from({ length: rows }, () => random.integer(2))
const scores = new Float64Array(rows * 2)
actual.forEach((code, i) => {
  scores[2 * i + 1] = 1 / (1 + Math.exp(-(code - 0.5 + random.normal())))
  scores[2 * i] = 1 - scores[2 * i + 1]!
})
const input = { actual, scores, classes: 2, positive: 1 }
const intervals = (seed: number, more = {}) => ({
  method: 'auto' as const,
  replicates: 200,
  random: createRandom(seed),
  ...more,
})

test('every figure has an interval around it, the same for the same seed', () => {
  const metrics = classificationMetrics(input, intervals(1))
  expect(classificationMetrics(input, intervals(1))).toEqual(metrics)
  for (const { value, low, high, n } of metrics) {
    expect(low!).toBeLessThanOrEqual(value!)
    expect(high!).toBeGreaterThanOrEqual(value!)
    expect(n).toBeGreaterThan(0)
    expect(n).toBeLessThanOrEqual(rows)
  }
  expect(classificationMetrics(input).every((metric) => metric.low === undefined)).toBe(true)
})

test('precision without a positive prediction is 0, as the documentation says', () => {
  const never = classificationMetrics({ ...input, threshold: 1 }, intervals(1, { replicates: 0 }))
  expect(never.find(({ name }) => name === 'precision')).toMatchObject({ value: 0, n: 0 })
})

test('weights of one change nothing but the kind of interval; weights of two change nothing at all', () => {
  const ones = new Float64Array(rows).fill(1)
  const plain = classificationMetrics(input)
  const weighted = classificationMetrics({ ...input, weights: ones })
  plain.forEach((metric, i) => expect(weighted[i]!.value).toBeCloseTo(metric.value!, 12))
  const twice = classificationMetrics({ ...input, weights: ones.map((w) => 2 * w) }, intervals(3))
  const once = classificationMetrics({ ...input, weights: ones }, intervals(3))
  once.forEach((metric, i) => expect(twice[i]!.low).toBeCloseTo(metric.low!, 12))
})

test('naming the other class positive mirrors the area and leaves accuracy', () => {
  const find = (positive: number, name: string) =>
    classificationMetrics({ ...input, positive }).find((metric) => metric.name === name)!.value!
  expect(find(0, 'roc_auc')).toBeCloseTo(find(1, 'roc_auc'), 12)
  expect(find(0, 'accuracy')).toBeCloseTo(find(1, 'accuracy'), 12)
  expect(find(0, 'log_loss')).toBeCloseTo(find(1, 'log_loss'), 12)
})

test('progress of the bootstrap is handed on and may stop it', () => {
  const seen: number[] = []
  classificationMetrics(input, intervals(1, { onProgress: (fraction: number) => seen.push(fraction) }))
  expect(seen).toEqual([...seen].sort((a, b) => a - b))
  expect(seen.length).toBeGreaterThan(5)
  const stop = () => {
    throw new Error('stopped')
  }
  expect(() => classificationMetrics(input, intervals(1, { onProgress: stop }))).toThrow('stopped')
})

test('regression figures have bootstrap intervals; what is undefined is null', () => {
  const values = Float64Array.from({ length: 120 }, () => random.normal())
  values[3] = 0
  const metrics = regressionMetrics(
    { actual: values, predicted: values.map((value) => value * 0.8 + 0.1) },
    intervals(2),
  )
  const r2 = metrics.find(({ name }) => name === 'r2')!
  expect(r2.low!).toBeLessThan(r2.value!)
  expect(r2.high!).toBeGreaterThan(r2.value!)
  expect(metrics.find(({ name }) => name === 'mape')!.value).toBeNull()
  expect(metrics.find(({ name }) => name === 'mape')).not.toHaveProperty('low')
})
