import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { columnFrom, frameOf, type PlainCell } from '../frame-of.ts'
import { murmurHash } from './murmur-hash.ts'
import {
  applyPreparation,
  fitPreparation,
  type KnownTarget,
  matrixColumns,
  type PreparationOptions,
  preparationDefaults,
  scales,
} from './preparation.ts'
import { outOfFoldCodes } from './target-encoding.ts'

const firstRows = (count: number) => Uint32Array.from({ length: count }, (_, row) => row)
const rowsOf = ({ values, columns, rows }: ReturnType<typeof applyPreparation>) =>
  Array.from({ length: rows }, (_, row) => [...values.subarray(row * columns, (row + 1) * columns)])

interface Numbers {
  train: number
  numbers: Record<string, number[]>
  scaled: Record<string, Record<string, number[]>>
  lambdas: Record<string, number>
  knn: (number | null)[][]
  imputed: Record<string, number[][]>
}
const numbers = readGolden<Numbers>('ml-prep-numbers')

/** Rounding; for Yeo-Johnson the root of it, since λ is where a flat curve is lowest. */
const tolerance = (scale: string) => (scale === 'yeo-johnson' ? 2e-6 : 1e-9)

test.each(scales.filter((scale) => scale in numbers.scaled))('numbers are scaled as by scikit-learn: %s', (scale) => {
  for (const [name, cells] of Object.entries(numbers.numbers)) {
    const frame = frameOf(columnFrom(name, 'number', cells))
    const options = { ...preparationDefaults, number: { ...preparationDefaults.number, scale } }
    const preparation = fitPreparation(frame, [name], firstRows(numbers.train), options)
    const own = applyPreparation(preparation, frame).values
    expect(largestDifference(own, numbers.scaled[scale]![name]), name).toBeLessThan(tolerance(scale))
    const [step] = preparation.steps
    if (step?.kind === 'number' && step.curve?.kind === 'yeo-johnson')
      expect(step.curve.lambda, name).toBeCloseTo(numbers.lambdas[name]!, 5)
  }
})

test.each(Object.keys(numbers.imputed))('missing numbers come from %s neighbours as by scikit-learn', (count) => {
  const names = numbers.knn.map((_, j) => `c${j}`)
  const frame = frameOf(...numbers.knn.map((cells, j) => columnFrom(names[j]!, 'number', cells)))
  const preparation = fitPreparation(frame, names, firstRows(numbers.train), {
    ...preparationDefaults,
    number: { ...preparationDefaults.number, impute: 'neighbours', indicator: false, scale: 'none' },
    neighbours: { count: Number(count), rows: 1_000 },
  })
  const own = rowsOf(applyPreparation(preparation, frame))
  expect(largestDifference(own, numbers.imputed[count])).toBeLessThan(1e-9)
})

interface Levels {
  train: number
  text: string[]
  withHoles: (string | null)[]
  categories: string[]
  ordinal: number[]
  targets: Record<'binary' | 'multiclass' | 'number', number[]>
  folds: number[]
  encoded: Record<string, Record<string, { all: number[][]; outOfFold: number[][] }>>
  hashed: number[][]
}
const levels = readGolden<Levels>('ml-prep-levels')

function fitLevels(cells: readonly PlainCell[], options: Partial<PreparationOptions>, target?: KnownTarget) {
  const frame = frameOf(columnFrom('t', 'text', cells))
  const all = { ...preparationDefaults, ...options }
  return { frame, preparation: fitPreparation(frame, ['t'], firstRows(levels.train), all, target) }
}

test('levels become whole numbers as by OrdinalEncoder', () => {
  const text = { ...preparationDefaults.text, encode: 'ordinal' as const }
  const { frame, preparation } = fitLevels(levels.withHoles, { text })
  expect(preparation.steps).toMatchObject([{ levels: levels.categories }])
  expect([...applyPreparation(preparation, frame).values]).toEqual(levels.ordinal)
})

test('levels are hashed as by FeatureHasher, unseen ones nowhere', () => {
  expect(murmurHash('')).toBe(0)
  const text = { ...preparationDefaults.text, encode: 'hash' as const }
  const { frame, preparation } = fitLevels(levels.text, { text, buckets: 6 })
  const seen = new Set(levels.text.slice(0, levels.train))
  const expected = levels.hashed.map((row, at) => (seen.has(levels.text[at]!) ? row : row.map(() => 0)))
  expect(rowsOf(applyPreparation(preparation, frame))).toEqual(expected)
})

const kinds = Object.keys(levels.targets) as (keyof Levels['targets'])[]
const smoothings = Object.keys(levels.encoded['binary']!)

test.each(kinds.flatMap((kind) => smoothings.map((smooth) => [kind, smooth] as const)))(
  'levels become means of the target as by TargetEncoder: %s, smoothing %s',
  (kind, smooth) => {
    const values = levels.targets[kind].slice(0, levels.train)
    const classes = kind === 'number' ? undefined : [...new Set(values)].sort((a, b) => a - b).map(String)
    const target: KnownTarget = { rows: firstRows(levels.train), values, ...(classes && { classes }) }
    const smoothing = smooth === 'auto' ? 'auto' : Number(smooth)
    const text = { ...preparationDefaults.text, encode: 'target' as const }
    const { frame, preparation } = fitLevels(
      levels.withHoles,
      { text, target: { smoothing, folds: 5, seed: 1 } },
      target,
    )
    const { all, outOfFold } = levels.encoded[kind]![smooth]!
    expect(largestDifference(rowsOf(applyPreparation(preparation, frame)), all)).toBeLessThan(1e-12)
    const [step] = preparation.steps
    if (step?.kind !== 'target') throw new Error('a target step expected')
    const codes = outOfFoldCodes(frame.columns[0]!, target, step.options, Uint8Array.from(levels.folds))
    const crossed = outOfFold.map((_, row) => codes.map((of) => of[row]!))
    expect(largestDifference(crossed, outOfFold)).toBeLessThan(1e-12)
  },
)

type Sparse = [number, number][][]
interface Terms {
  fitted: number
  documents: string[]
  words: { names: string[]; idf: number[]; rows: Sparse }
  sublinear: Terms['words']
  characters: Terms['words']
  hashedWords: Sparse
  hashedCharacters: Sparse
}
const terms = readGolden<Terms>('ml-prep-terms')

function fitTerms(encode: PreparationOptions['text']['encode'], options: Partial<PreparationOptions['terms']>) {
  const frame = frameOf(columnFrom('t', 'text', terms.documents))
  const preparation = fitPreparation(frame, ['t'], firstRows(terms.fitted), {
    ...preparationDefaults,
    text: { ...preparationDefaults.text, encode },
    terms: { ...preparationDefaults.terms, minRows: 1, ...options },
  })
  return { preparation, rows: rowsOf(applyPreparation(preparation, frame)) }
}

const weighted = [
  ['words', 'words', { words: [1, 2], minRows: 2 }],
  ['sublinear', 'words', { words: [1, 1], sublinear: true }],
  ['characters', 'characters', { characters: [2, 3], minRows: 4 }],
] as const

test.each(weighted)('texts become terms as by TfidfVectorizer: %s', (key, encode, options) => {
  const { preparation, rows } = fitTerms(encode, options)
  const { names, idf, rows: expected } = terms[key]
  const own = matrixColumns(preparation).map(({ name }) => name.slice('t: '.length))
  expect([...own].sort()).toEqual([...names].sort())
  const [step] = preparation.steps
  const weights = (step?.kind === 'terms' && step.weights) || []
  expect(
    largestDifference(
      names.map((name) => weights[own.indexOf(name)]),
      idf,
    ),
  ).toBeLessThan(1e-12)
  rows.forEach((row, at) => {
    const theirs = new Float64Array(own.length)
    for (const [place, value] of expected[at]!) theirs[own.indexOf(names[place]!)] = value
    expect(largestDifference(row, theirs), terms.documents[at]).toBeLessThan(1e-12)
  })
})

test('the most frequent terms are kept, whatever their rows', () => {
  const { preparation } = fitTerms('words', { words: [1, 1], mostTerms: 3 })
  const counts = new Map<string, number>()
  for (const text of terms.documents.slice(0, terms.fitted))
    for (const [word] of text.toLowerCase().matchAll(/[\p{L}\p{N}_]{2,}/gu))
      counts.set(word, (counts.get(word) ?? 0) + 1)
  const most = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, 3)
  expect(matrixColumns(preparation).map(({ name }) => name)).toEqual(most.map(([word]) => `t: ${word}`).sort())
})

const hashed = [
  ['hashedWords', 'hashed-words', { words: [1, 2], buckets: 16 }],
  ['hashedCharacters', 'hashed-characters', { characters: [2, 3], buckets: 32 }],
] as const

test.each(hashed)('terms seen in training are hashed as by HashingVectorizer: %s', (key, encode, options) => {
  const { rows } = fitTerms(encode, options)
  terms[key].forEach((expected, at) => {
    const theirs = new Float64Array(options.buckets)
    for (const [place, value] of expected) theirs[place] = value
    expect(largestDifference(rows[at], theirs), terms.documents[at]).toBeLessThan(1e-12)
  })
})
