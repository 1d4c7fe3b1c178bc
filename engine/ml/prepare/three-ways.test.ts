import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Frame } from '#contract'
import { takeRows } from '../frame.ts'
import { columnFrom, frameOf, type PlainCell } from '../frame-of.ts'
import {
  applyPreparation,
  encodings,
  fitPreparation,
  type KnownTarget,
  matrixColumns,
  type Preparation,
  type PreparationOptions,
  preparationDefaults,
  scales,
} from './preparation.ts'
import { throughOnnx } from './through-onnx.test-support.ts'

const everyRow = (frame: Frame) => Uint32Array.from({ length: frame.rows }, (_, row) => row)

/** The preparation after a round trip through JSON gives the same matrix here and in ONNX Runtime. */
async function expectAgreement(fitted: Preparation, frame: Frame) {
  const preparation = JSON.parse(JSON.stringify(fitted)) as Preparation
  expect(preparation).toEqual(fitted)
  const own = applyPreparation(preparation, frame)
  const onnx = await throughOnnx(preparation, frame)
  expect(own.columns).toBe(matrixColumns(preparation).length)
  expect(onnx.length).toBe(own.values.length)
  const gap = (at: number) => Math.abs(own.values[at]! - onnx[at]!) / Math.max(1, Math.abs(own.values[at]!))
  const at = own.values.findIndex((_, place) => !(gap(place) <= 1e-9))
  const where = `row ${Math.floor(at / own.columns)}, ${matrixColumns(preparation)[at % own.columns]?.name}`
  expect(at < 0 ? 'agree' : `${where}: ${own.values[at]} here, ${onnx[at]} in ONNX`).toBe('agree')
  return own
}

const strange = [null, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, -0, 1e100, -1e100, 5e-324]
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e4, max: 1e4 }) },
  { weight: 4, arbitrary: fc.integer({ min: -3, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(null) },
)
const trained = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 30 })

const numbersOf = (rows: readonly (readonly [PlainCell, PlainCell])[]) =>
  frameOf(
    columnFrom(
      'a',
      'number',
      rows.map(([a]) => a),
    ),
    columnFrom(
      'b',
      'number',
      rows.map(([, b]) => b),
    ),
  )

test.each(scales)('numbers: scaled %s, missing ones by the column or by neighbours', async (scale) => {
  const shown = strange.flatMap((a) => strange.map((b) => [a, b] as const))
  await fc.assert(
    fc.asyncProperty(trained, fc.boolean(), async (rows, neighbours) => {
      const train = numbersOf(rows)
      const options: PreparationOptions = {
        ...preparationDefaults,
        number: { ...preparationDefaults.number, impute: neighbours ? 'neighbours' : 'median', scale },
      }
      const preparation = fitPreparation(train, ['a', 'b'], everyRow(train), options)
      await expectAgreement(preparation, numbersOf([...rows, ...shown]))
    }),
    { numRuns: 25 },
  )
})

const levels = fc.oneof(
  fc.constantFrom('a', 'b', 'ü', 'long text', '', '(other)', '日本'),
  fc.constant(null),
  fc.string({ unit: 'grapheme', maxLength: 4 }),
)
const texts = fc.array(fc.tuple(levels, fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 30 })

const targetOf = (values: readonly number[], kind: 'binary' | 'multiclass' | 'number'): KnownTarget => ({
  rows: Uint32Array.from(values.keys()),
  values: values.map((value) => (kind === 'binary' ? Math.min(1, value) : kind === 'number' ? value * 1.7 - 1 : value)),
  ...(kind !== 'number' && { classes: kind === 'binary' ? ['no', 'yes'] : ['x', 'y', 'z'] }),
})
const levelEncodings = encodings.filter((encode) => ['one-hot', 'ordinal', 'target', 'hash'].includes(encode))

test.each(levelEncodings)('levels: encoded %s, also ones never seen and missing', async (encode) => {
  const kinds = fc.constantFrom('binary', 'multiclass', 'number')
  await fc.assert(
    fc.asyncProperty(texts, kinds, fc.constantFrom('category', 'mode'), async (rows, kind, impute) => {
      const cells = rows.map(([text]) => text)
      const train = frameOf(columnFrom('t', 'text', cells))
      const target = targetOf(
        rows.map(([, value]) => value),
        kind,
      )
      const text = { ...preparationDefaults.text, impute, encode }
      const preparation = fitPreparation(train, ['t'], everyRow(train), { ...preparationDefaults, text }, target)
      const scored = frameOf(columnFrom('t', 'text', [...cells, 'never', null, '', 'A', '(missing)']))
      const own = await expectAgreement(preparation, scored)
      if (encode !== 'target') return
      const crossed = applyPreparation(preparation, train, target)
      expect(crossed.values.every(Number.isFinite)).toBe(true)
      expect(crossed.columns).toBe(own.columns)
    }),
    { numRuns: 40 },
  )
})

const termEncodings = encodings.filter((encode) => !levelEncodings.includes(encode))
const word = fc.constantFrom(
  'free',
  'Free',
  'FREE',
  'entry',
  'école',
  'École',
  'ÉCOLE',
  'a',
  'ß',
  'ΣΟΦΟΣ',
  'İl',
  '日本語',
)
const glue = fc.constantFrom(' ', '  ', '\n', '\t\u00a0', ', ', '-', '’', '!! 😀 ', '_', '\ud800')
const sentence = fc
  .array(fc.tuple(fc.oneof(word, fc.string({ unit: 'grapheme', maxLength: 5 })), glue), { maxLength: 8 })
  .map((parts) => parts.flat().join(''))

test.each(termEncodings)('terms: %s, also in texts that are empty, missing or strange', async (encode) => {
  await fc.assert(
    fc.asyncProperty(fc.array(sentence, { minLength: 1, maxLength: 12 }), fc.boolean(), async (cells, sublinear) => {
      const train = frameOf(columnFrom('t', 'text', ['free entry', ...cells]))
      const options: PreparationOptions = {
        ...preparationDefaults,
        text: { ...preparationDefaults.text, encode },
        terms: { ...preparationDefaults.terms, minRows: 1, sublinear, mostTerms: 500, buckets: 8 },
      }
      const preparation = fitPreparation(train, ['t'], everyRow(train), options)
      const scored = frameOf(
        columnFrom('t', 'text', [...cells, '', null, 'free  ENTRY école', 'nothing known', '\u0000']),
      )
      await expectAgreement(preparation, scored)
      await expectAgreement(preparation, frameOf(columnFrom('t', 'text', ['', null])))
      await expectAgreement(preparation, takeRows(scored, Uint32Array.of(0)))
    }),
    { numRuns: 40 },
  )
})

test('dates as parts and circles, before 1970, at the ends of the calendar and beyond them', async () => {
  const shown = [null, 0, -1, -0.5, 86_399_999, 951_782_400_000, -62_198_755_200_000, 8.64e15, -8.64e15, 9e15, -1e300]
  const milliseconds = fc.oneof(
    fc.integer({ min: -4e12, max: 4e12 }),
    fc.double({ noNaN: true, min: -8.64e15, max: 8.64e15 }),
    fc.constant(null),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(milliseconds, { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      fc.constantFrom(...scales),
      async (cells, circles, scale) => {
        const train = frameOf(columnFrom('d', 'date', cells))
        const options: PreparationOptions = {
          ...preparationDefaults,
          number: { ...preparationDefaults.number, scale },
          date: { ...preparationDefaults.date, as: 'parts', circles },
        }
        const preparation = fitPreparation(train, ['d'], everyRow(train), options)
        await expectAgreement(preparation, frameOf(columnFrom('d', 'date', [...cells, ...shown])))
      },
    ),
    { numRuns: 40 },
  )
})

test('all kinds side by side keep the order of the columns', async () => {
  const text = ['red car', 'blue car', 'red bike', null, 'green bike', 'red car']
  const frame = frameOf(
    columnFrom('t', 'text', text),
    columnFrom('n', 'number', [1, 2, null, 4, 5, 6]),
    columnFrom('d', 'date', [0, 1e12, null, 3e11, 4e11, 5e11]),
    columnFrom('u', 'text', ['x', 'y', 'x', 'x', null, 'y']),
    columnFrom('m', 'number', [1, 1, 2, null, 3, 5]),
  )
  const target = targetOf([0, 1, 1, 0, 1, 0], 'binary')
  const preparation = fitPreparation(
    frame,
    ['t', 'n', 'd', 'u', 'm'],
    everyRow(frame),
    {
      ...preparationDefaults,
      overrides: {
        t: { encode: 'words' },
        n: { impute: 'neighbours', scale: 'yeo-johnson' },
        d: { as: 'parts' },
        u: { encode: 'target' },
        m: { impute: 'neighbours', scale: 'quantile-normal' },
      },
    },
    target,
  )
  const names = matrixColumns(preparation).map(({ name }) => name)
  expect(names.slice(0, 4)).toEqual(['n', 'm', 'n (missing)', 'm (missing)'])
  expect(names).toEqual(expect.arrayContaining(['t: red car', 'd: weekday', 'd (missing)', 'u']))
  await expectAgreement(preparation, frame)
})

test.each([
  [1 + 1e-6, 0],
  [1 - 3e-6, 1e-9],
  [1, 5e-9],
  [1e-9, 2e-9],
])('a single column of spread %d about %d, which ONNX Runtime would take for 1 and 0', async (spread, middle) => {
  const train = frameOf(columnFrom('a', 'number', [middle - spread, middle + spread]))
  const preparation = fitPreparation(train, ['a'], everyRow(train))
  await expectAgreement(preparation, frameOf(columnFrom('a', 'number', [middle, spread, -spread, 2, 1e6, null])))
})

test('a matrix beyond what memory holds is refused before it is made', () => {
  const levels = Array.from({ length: 1_000 }, (_, level) => `level ${level}`)
  const frame = frameOf(columnFrom('t', 'text', levels))
  const text = { ...preparationDefaults.text, rareShare: 0, mostLevels: 1_000 }
  const preparation = fitPreparation(frame, ['t'], everyRow(frame), { ...preparationDefaults, text })
  const codes = new Int32Array(600_000)
  const many = [{ name: 't', type: 'text', nullable: true, cells: { kind: 'text', codes, levels } }] as const
  expect(() => applyPreparation(preparation, { rows: codes.length, columns: many })).toThrow('more than 4 GB')
})
