import { expect, test } from 'vitest'
import type { Column, Frame, JsonValue, Model } from '#contract'
import { cellText, columnOf, takeRows } from '../frame.ts'
import { columnFrom, frameOf } from '../frame-of.ts'
import { cellOfPixels, pixelsOfCell } from '../image/pixel-cells.ts'
import { applyPreparation, fitPreparation, preparationDefaults } from '../prepare/preparation.ts'
import { basisRows, comparedRows, type ReasonBasis, reasonBasis, trainingMeans } from './reason-basis.ts'

const rows = 90
const split = columnFrom(
  'part',
  'text',
  Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? 'test' : 'train')),
  { role: 'split' },
)
const income = columnFrom(
  'income',
  'number',
  Array.from({ length: rows }, (_, row) => (row % 5 === 0 ? null : row / 7)),
)
const job = columnFrom(
  'job',
  'text',
  Array.from({ length: rows }, (_, row) => ['cook', 'nurse', null][row % 3]!),
)
const training = frameOf(income, job, split)
const modelOf = (features: readonly Column[], over: Partial<Model> = {}) =>
  ({ kind: 'model', purpose: 'regression', features, ...over }) as unknown as Model
const columns = ({ columns: [first, second] }: Frame) => [first!, second!].map(({ cells: _, ...column }) => column)
const throughJson = (basis: ReasonBasis) => JSON.parse(JSON.stringify(basis)) as ReasonBasis
const texts = (frame: Frame, name: string) =>
  Array.from({ length: frame.rows }, (_, row) => cellText(columnOf(frame, name), row))

test('rows to compare with are training rows, the same through JSON', () => {
  const model = modelOf(columns(training))
  const drawn = comparedRows(model, training)
  expect(drawn.rows).toBe(32)
  expect(texts(drawn, 'part').every((part) => part === 'train')).toBe(true)
  const read = basisRows(model, throughJson(reasonBasis(model, training)))!
  for (const name of ['income', 'job']) expect(texts(read, name)).toEqual(texts(drawn, name))
  expect(basisRows(model, {})).toBeUndefined()
})

test('of a linear model only the means of its prepared training rows are taken along', () => {
  const train = Uint32Array.from({ length: rows }, (_, row) => row).filter((row) => row % 3 !== 0)
  const preparation = fitPreparation(training, ['income', 'job'], train, preparationDefaults)
  const linear = { intercepts: [0], coefficients: [[1]] }
  const model = modelOf(columns(training), { preparation: preparation as unknown as JsonValue, linear })
  const prepared = applyPreparation(preparation, takeRows(training, train))
  const basis = throughJson(reasonBasis(model, training))
  expect(Object.keys(basis)).toEqual(['means'])
  expect(basis.means).toEqual([...trainingMeans(model, training)])
  basis.means!.forEach((mean, j) => {
    let sum = 0
    for (let row = 0; row < prepared.rows; row++) sum += prepared.values[row * prepared.columns + j]!
    expect(mean).toBeCloseTo(sum / prepared.rows, 12)
  })
  const trees = modelOf(columns(training), { preparation: preparation as unknown as JsonValue, trees: '' as never })
  expect(reasonBasis(trees, training)).toEqual({})
})

test('of pictures the mean one is taken along, of texts nothing', () => {
  const image = { width: 2, height: 1, channels: 1 } as const
  const cells = Array.from({ length: rows }, (_, row) => cellOfPixels(Uint8Array.of(row % 3 === 0 ? 255 : 20, 40)))
  const photo = { ...columnFrom('photo', 'image', cells), image }
  const model = modelOf([{ name: 'photo', type: 'image', nullable: true, image }])
  const mean = basisRows(model, throughJson(reasonBasis(model, frameOf(photo, split))))!
  expect(texts(mean, 'photo').map((cell) => [...pixelsOfCell(cell!, image, 'photo')])).toEqual([[20, 40]])
  const words = modelOf([{ name: 'job', type: 'text', nullable: true }], {
    network: { input: { kind: 'words' } } as never,
  })
  expect(basisRows(words, throughJson(reasonBasis(words, frameOf(job, split))))!.rows).toBe(0)
})
