import { expect, test } from 'vitest'
import { barsLayout } from './bars-layout.ts'

const texts = {
  labels: ['age group 25-59 · reference', 'age group 60+'],
  values: ['60 %', '43 %'],
  intervals: ['59–61 %', '41–46 %'],
  notes: ['7 002 people', '1 563 people · below the limit'],
}

test('labels and notes move out of the way as room gets short', () => {
  expect(barsLayout(texts, 950).mode).toBe('aside')
  expect(barsLayout(texts, 520).mode).toBe('below')
  expect(barsLayout(texts, 306).mode).toBe('stacked')
})

test('everything fits into the width, whatever it is', () => {
  for (let width = 260; width < 1_200; width += 20) {
    const layout = barsLayout(texts, width)
    expect(layout.area).toBeGreaterThan(width * 0.2)
    expect(layout.labels + layout.area + layout.values + layout.intervals).toBeLessThanOrEqual(width + 1)
  }
})
