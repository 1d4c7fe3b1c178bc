import { expect, test } from 'vitest'
import { classificationMetrics } from './classification-metrics.ts'
import { regressionMetrics } from './regression-metrics.ts'
import { retrievalFigures } from './retrieval.ts'

const classes = { actual: Int32Array.of(0, 1), scores: Float64Array.of(0.6, 0.4, 0.2, 0.8), classes: 2, positive: 1 }
const numbers = { actual: Float64Array.of(1, 2), predicted: Float64Array.of(1, 3) }

test.each([Number.NaN, Number.POSITIVE_INFINITY])('%d is refused by row, not turned into a figure', (cell) => {
  const values = Float64Array.of(1, cell)
  expect(() => classificationMetrics({ ...classes, scores: classes.scores.with(2, cell) })).toThrow('row 2')
  expect(() => classificationMetrics({ ...classes, weights: values })).toThrow('row 2')
  expect(() => regressionMetrics({ ...numbers, actual: values })).toThrow('row 2')
  expect(() => regressionMetrics({ ...numbers, predicted: values })).toThrow('row 2')
  expect(() => regressionMetrics({ ...numbers, weights: values })).toThrow('row 2')
  expect(() => retrievalFigures({ relevance: [0, 1], scores: values })).toThrow('row 2')
})

test('without rows, or with weights of 0 alone, a figure is null or says 0, never NaN', () => {
  const empty = { actual: new Int32Array(0), scores: new Float64Array(0), classes: 2, positive: 1 }
  const none = new Float64Array(0)
  const figures = [
    ...classificationMetrics(empty),
    ...classificationMetrics({ ...classes, weights: new Float64Array(2) }),
    ...regressionMetrics({ actual: none, predicted: none }),
    ...regressionMetrics({ ...numbers, weights: new Float64Array(2) }),
  ]
  for (const { name, value } of figures) expect(value, name).not.toBeNaN()
  expect(figures.find(({ name }) => name === 'accuracy')!.value).toBeNull()
  expect(figures.find(({ name }) => name === 'rmse')!.value).toBeNull()
})
