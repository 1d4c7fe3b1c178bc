import { expect, test } from 'vitest'
import { columnOf, textCells } from '#ml/frame'
import { priceTruth, samplePrices } from './prices.ts'

test('residuals from the true model are noise of the stated spread', () => {
  const frame = samplePrices({ rows: 20_000, seed: 2 })
  const values = (name: string) => {
    const { cells } = columnOf(frame, name)
    if (cells.kind !== 'number') throw new Error('numbers')
    return cells.values
  }
  const district = textCells(columnOf(frame, 'district'))
  const energy = textCells(columnOf(frame, 'energy'))
  let count = 0
  let sum = 0
  let squares = 0
  for (let row = 0; row < frame.rows; row++) {
    const distance = values('distance')[row]!
    if (Number.isNaN(distance)) continue
    const area = values('area')[row]!
    const mean =
      priceTruth.intercept +
      priceTruth.area * area +
      priceTruth.rooms * values('rooms')[row]! +
      priceTruth.distance * distance +
      priceTruth.age * (2024 - values('built')[row]!) +
      priceTruth.balcony * values('balcony')[row]! +
      priceTruth.district[district.levels[district.codes[row]!] as 'north'] +
      priceTruth.energy[energy.levels[energy.codes[row]!] as 'A']
    const standardised = (values('price')[row]! - mean) / (priceTruth.noise.base + priceTruth.noise.slope * area)
    count++
    sum += standardised
    squares += standardised * standardised
  }
  expect(Math.abs(sum / count)).toBeLessThan(0.03)
  expect(Math.sqrt(squares / count)).toBeCloseTo(1, 1)
  expect(frame.rows - count).toBeGreaterThan(200)
})
