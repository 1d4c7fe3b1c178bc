import { expect, test } from 'vitest'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { columnFrom, frameOf } from '../frame-of.ts'
import {
  applyPreparation,
  fitPreparation,
  matrixColumns,
  preparationDefaults,
  type TextOptions,
} from './preparation.ts'

type Strategy = 'median' | 'mean' | 'most_frequent' | 'constant'
interface Encoded {
  names: string[]
  rows: number[][]
}
interface Golden {
  train: number
  numbers: Record<string, (number | null)[]>
  scaled: Record<string, Record<Strategy, { fill: number; values: number[] }>>
  text: string[]
  withHoles: (string | null)[]
  share: Encoded
  count: Encoded
  most: Encoded
  plain: Encoded
  holes: Encoded
  mode: Encoded
}
const golden = readGolden<Golden>('ml-prep')
const trainingRows = Uint32Array.from({ length: golden.train }, (_, row) => row)

const strategies = [
  ['median', 'median'],
  ['mean', 'mean'],
  ['most_frequent', 'mode'],
  ['constant', 'constant'],
] as const

test.each(strategies)('numbers are imputed and scaled as by scikit-learn: %s', (theirs, impute) => {
  for (const [name, cells] of Object.entries(golden.numbers)) {
    const frame = frameOf(columnFrom(name, 'number', cells))
    const preparation = fitPreparation(frame, [name], trainingRows, {
      ...preparationDefaults,
      number: { impute, constant: -2.5, indicator: false, scale: 'standard' },
    })
    const expected = golden.scaled[name]![theirs]
    const [step] = preparation.steps
    expect(step?.kind === 'number' && step.fill / (expected.fill || 1), name).toBeCloseTo(expected.fill ? 1 : 0, 14)
    const { values } = applyPreparation(preparation, frame)
    const largest = values.reduce((gap, value, row) => Math.max(gap, Math.abs(value - expected.values[row]!)), 0)
    expect(largest, name).toBeLessThan(1e-9)
  }
})

const everyLevel: TextOptions = { impute: 'category', encode: 'one-hot', rareShare: 0, rareRows: 1, mostLevels: 1_000 }
const encodings: readonly [keyof Golden, Partial<TextOptions>, 'text' | 'withHoles'][] = [
  ['share', { rareShare: 0.05 }, 'text'],
  ['count', { rareRows: 12 }, 'text'],
  ['most', { mostLevels: 3 }, 'text'],
  ['plain', {}, 'text'],
  ['holes', { rareShare: 0.05 }, 'withHoles'],
  ['mode', { rareShare: 0.05, impute: 'mode' }, 'withHoles'],
]

/** scikit-learn's order of columns, by our names. */
const ownName = (name: string) =>
  name === 't_None' ? 't = (missing)' : name === 't_infrequent_sklearn' ? 't = (other)' : name.replace('t_', 't = ')

test.each(encodings)('texts are encoded as by scikit-learn: %s', (key, options, source) => {
  const frame = frameOf(columnFrom('t', 'text', golden[source]))
  const preparation = fitPreparation(frame, ['t'], trainingRows, {
    ...preparationDefaults,
    text: { ...everyLevel, ...options },
  })
  const { names, rows } = golden[key] as Encoded
  const own = matrixColumns(preparation).map(({ name }) => name)
  expect([...own].sort()).toEqual(names.map(ownName).sort())
  const { values } = applyPreparation(preparation, frame)
  rows.forEach((expected, row) => {
    const cells = own.map((name) => expected[names.map(ownName).indexOf(name)]!)
    expect([...values.subarray(row * own.length, (row + 1) * own.length)], `row ${row}`).toEqual(cells)
  })
})

test('levels that read like our own names keep apart', () => {
  const cells = [...new Array<string>(20).fill('(other)'), ...new Array<string>(20).fill('(missing)'), 'x', null]
  const frame = frameOf(columnFrom('t', 'text', cells))
  const preparation = fitPreparation(
    frame,
    ['t'],
    Uint32Array.from(cells, (_, row) => row),
    { ...preparationDefaults, text: { ...everyLevel, rareRows: 2 } },
  )
  expect(matrixColumns(preparation).map(({ name }) => name)).toEqual([
    't = (missing)',
    't = (other)',
    't = (other)′',
    't = (missing)′',
  ])
  expect([...applyPreparation(preparation, frame).values.slice(-8)]).toEqual([0, 0, 1, 0, 0, 0, 0, 1])
})

test('infinite numbers count as missing, booleans take the mode, an empty text is missing', () => {
  const frame = frameOf(
    columnFrom('n', 'number', [1, Number.POSITIVE_INFINITY, 3, 5, 3]),
    columnFrom('b', 'boolean', [true, false, null, true, false]),
    columnFrom('t', 'text', ['', 'a', 'a', 'a', '']),
  )
  const rows = Uint32Array.of(0, 1, 2, 3, 4)
  const options = { ...preparationDefaults, number: { ...preparationDefaults.number, scale: 'none' as const } }
  const preparation = fitPreparation(frame, ['n', 'b', 't'], rows, options)
  expect(preparation.steps).toMatchObject([{ fill: 3, indicator: true }, { fill: 0 }, { missing: { column: true } }])
  expect([...applyPreparation(preparation, frame).values].every(Number.isFinite)).toBe(true)
})
