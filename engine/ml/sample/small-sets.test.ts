import { expect, test } from 'vitest'
import { columnOf, textCells } from '#ml/frame'
import { pixelsOfCell } from '#ml/image/pixel-cells'
import { fitLogistic } from '#ml/linear/logistic'
import { matrix } from '#ml/matrix'
import { churnTruth, sampleChurn } from './churn.ts'
import { imageTruth, sampleImages } from './images.ts'
import { sampleTexts, textTruth } from './texts.ts'

const numbers = (frame: Parameters<typeof columnOf>[0], name: string) => {
  const { cells } = columnOf(frame, name)
  return cells.kind === 'number' ? cells.values : new Float64Array(0)
}
const texts = (frame: Parameters<typeof columnOf>[0], name: string) => {
  const { codes, levels } = textCells(columnOf(frame, name))
  return Array.from(codes, (code) => levels[code]!)
}

test('churn: a logistic regression finds the truth, the leak tells it outright', () => {
  const { frame, hidden } = sampleChurn({ rows: 20_000, seed: 3 })
  const left = Int32Array.from(texts(frame, 'left'), (value) => (value === 'yes' ? 1 : 0))
  const contract = texts(frame, 'contract')
  const old = texts(frame, 'age_group')
  const terms: ((row: number) => number)[] = [
    (row) => numbers(frame, 'tenure_months')[row]! / 12,
    (row) => (numbers(frame, 'monthly_fee')[row]! - 40) / 10,
    (row) => numbers(frame, 'service_calls')[row]!,
    (row) => numbers(frame, 'late_payments')[row]!,
    (row) => (contract[row] === 'month to month' ? 1 : 0),
    (row) => (contract[row] === 'two years' ? 1 : 0),
    (row) => (old[row] === '60+' ? 1 : 0),
  ]
  const x = matrix(frame.rows, terms.length)
  for (let row = 0; row < frame.rows; row++)
    terms.forEach((term, j) => {
      x.values[row * terms.length + j] = term(row)
    })
  const { coefficients, intercepts, errors } = fitLogistic(x, left, 2, { penalty: 0 })
  const truth = churnTruth.leaving
  const expected = [
    truth.tenureYears,
    truth.fee,
    truth.serviceCalls,
    truth.latePayments,
    truth.contract['month to month'],
    truth.contract['two years'],
    truth.ageGroup,
  ]
  // Four standard errors each.
  expected.forEach((value, j) => {
    expect(Math.abs(coefficients[0]![j]! - value)).toBeLessThan(4 * errors![0]![j]!)
  })
  expect(Math.abs(intercepts[0]! - truth.intercept)).toBeLessThan(4 * errors![0]!.at(-1)!)
  const refund = numbers(frame, 'refund')
  const refunded = (value: number) => {
    const rows = Array.from(left.keys()).filter((row) => left[row] === value)
    return rows.filter((row) => refund[row]! > 0).length / rows.length
  }
  expect(refunded(1)).toBeCloseTo(churnTruth.refund.left, 1)
  expect(refunded(0)).toBeCloseTo(churnTruth.refund.stayed, 1)
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
  expect(mean(left)).toBeCloseTo(mean(hidden.probability), 1)
  expect(mean(left)).toBeGreaterThan(0.15)
})

test('images: each shape has its own share of bright pixels, brightness tells nothing', () => {
  const frame = sampleImages({ rows: 1_500, seed: 2 })
  const cells = texts(frame, 'picture')
  const shapes = texts(frame, 'shape')
  const share = new Map<string, number[]>()
  cells.forEach((cell, row) => {
    const pixels = pixelsOfCell(cell, imageTruth.size, 'picture')
    const sorted = [...pixels].sort((a, b) => a - b)
    const middle = (sorted[10]! + sorted.at(-6)!) / 2
    const bright = pixels.filter((value) => value > middle).length / pixels.length
    share.set(shapes[row]!, [...(share.get(shapes[row]!) ?? []), bright])
  })
  expect([...share.keys()].sort()).toEqual([...imageTruth.shapes])
  const mean = (shape: string) => share.get(shape)!.reduce((sum, value) => sum + value, 0) / share.get(shape)!.length
  expect(mean('bar')).toBeLessThan(mean('circle'))
  expect(mean('circle')).toBeLessThan(mean('square'))
  for (const values of share.values()) expect(Math.abs(values.length - 300)).toBeLessThan(70)
})

test('texts: the words of a topic tell it in all messages but the vague', () => {
  const frame = sampleTexts({ rows: 4_000, seed: 2 })
  const messages = texts(frame, 'message').map((text) => text.toLowerCase())
  const topics = texts(frame, 'topic')
  const named = (message: string) =>
    Object.entries(textTruth.topics)
      .filter(([, { happenings }]) => happenings.some((words) => message.includes(words.toLowerCase())))
      .map(([topic]) => topic)
  const wrong = messages.filter((message, row) => named(message).length > 0 && !named(message).includes(topics[row]!))
  expect(wrong).toEqual([])
  const unnamed = messages.filter((message) => named(message).length === 0)
  // Four standard errors of a share of 0.04.
  expect(Math.abs(unnamed.length / 4_000 - textTruth.vague)).toBeLessThan(0.0125)
})

test('a longer table begins with the shorter one', () => {
  for (const sample of [sampleImages, sampleTexts, (o: { rows: number; seed: number }) => sampleChurn(o).frame]) {
    const [short, long] = [sample({ rows: 5, seed: 9 }), sample({ rows: 8, seed: 9 })]
    for (const { name } of short.columns.slice(1)) {
      const [a, b] = [columnOf(short, name), columnOf(long, name)]
      if (a.cells.kind === 'number' && b.cells.kind === 'number')
        expect([...a.cells.values]).toEqual([...b.cells.values.slice(0, 5)])
      else expect(texts(short, name)).toEqual(texts(long, name).slice(0, 5))
    }
  }
})
