import { ProblemError } from '#contract'
import { textCells } from '../frame.ts'
import type { Matrix } from '../matrix.ts'
import type { Block } from './block.ts'
import { emitTerms } from './emit-terms.ts'
import { hashBucket } from './murmur-hash.ts'
import { countTerms, type TextUnit } from './text-tokens.ts'

/**
 * A text as its terms: runs of words or of characters. By TF-IDF a term's number is its count (or 1 + ln count) times
 * ln((1 + n) / (1 + rows with it)) + 1 over the n training rows, each row then divided by its Euclidean length, as
 * scikit-learn's TfidfVectorizer. Hashed, the terms' signed counts are summed in `buckets` columns, as its
 * HashingVectorizer, but only of terms seen in training: others would speak for strangers. A missing text has no terms.
 */
export interface TermsStep {
  readonly kind: 'terms'
  readonly name: string
  readonly unit: TextUnit
  /** Tokens in a term. */
  readonly from: number
  readonly to: number
  readonly sublinear: boolean
  /** Sorted by code unit. */
  readonly terms: readonly string[]
  /** By term; absent where terms are hashed. */
  readonly weights?: readonly number[]
  readonly buckets?: number
}

export interface TermsOptions {
  readonly unit: TextUnit
  readonly from: number
  readonly to: number
  readonly sublinear: boolean
  /** Terms in fewer training rows are left out. */
  readonly minRows: number
  /** The most frequent terms are kept; equally frequent ones by their names. */
  readonly mostTerms: number
  /** Hashed into so many columns. */
  readonly buckets?: number
}

/** Hashed terms are looked up in the model, so their number is bounded too. */
const mostHashed = 200_000

interface Occurrence {
  rows: number
  count: number
}

function countOccurrences(codes: Int32Array, levels: readonly string[], { unit, from, to }: TermsOptions) {
  const repeats = new Uint32Array(levels.length)
  for (const code of codes) if (code >= 0) repeats[code]!++
  const found = new Map<string, Occurrence>()
  repeats.forEach((times, code) => {
    if (times === 0) return
    for (const [term, count] of countTerms(levels[code]!, unit, from, to)) {
      const entry = found.get(term)
      if (entry) {
        entry.rows += times
        entry.count += times * count
      } else found.set(term, { rows: times, count: times * count })
    }
  })
  return found
}

const byName = (a: string, b: string) => (a < b ? -1 : 1)

/** Refuses a column in which no term is frequent enough. */
export function fitTerms(name: string, codes: Int32Array, levels: readonly string[], options: TermsOptions): TermsStep {
  const { unit, from, to, sublinear, minRows, buckets } = options
  const found = countOccurrences(codes, levels, options)
  const often = [...found].filter(([, { rows }]) => rows >= minRows)
  if (often.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: `No term of ${name} occurs in ${minRows === 1 ? 'any training row' : `${minRows} training rows`}.`,
      fix: `Treat ${name} as categories, or keep terms that occur in fewer rows`,
      columns: [name],
    })
  const most = buckets === undefined ? options.mostTerms : mostHashed
  const terms = often
    .sort(([a, one], [b, other]) => other.count - one.count || byName(a, b))
    .slice(0, most)
    .map(([term]) => term)
    .sort(byName)
  const step = { kind: 'terms', name, unit, from, to, sublinear, terms } as const
  if (buckets !== undefined) return { ...step, buckets }
  const weight = (term: string) => Math.log((1 + codes.length) / (1 + found.get(term)!.rows)) + 1
  return { ...step, weights: terms.map(weight) }
}

/** Where a term counts and with what factor. */
export function placesOfTerms({ terms, buckets }: TermsStep) {
  const placed = terms.map((term, place) => (buckets === undefined ? { place, sign: 1 } : hashBucket(term, buckets)))
  return new Map(terms.map((term, i) => [term, placed[i]!]))
}

type Sparse = readonly (readonly [place: number, value: number])[]

/** The row of a text: signed counts by place, weighted, of length 1. */
function sparseRow(step: TermsStep, places: ReturnType<typeof placesOfTerms>, text: string): Sparse {
  const sums = new Map<number, number>()
  for (const [term, count] of countTerms(text, step.unit, step.from, step.to)) {
    const found = places.get(term)
    if (found) sums.set(found.place, (sums.get(found.place) ?? 0) + found.sign * count)
  }
  const numbers = [...sums]
    .sort(([a], [b]) => a - b)
    .map(([place, sum]): [number, number] => {
      if (!step.weights) return [place, sum]
      return [place, (step.sublinear ? 1 + Math.log(sum) : sum) * step.weights[place]!]
    })
  const length = Math.sqrt(numbers.reduce((total, [, value]) => total + value * value, 0))
  return numbers.map(([place, value]) => [place, length > 0 ? value / length : 0] as const)
}

function writeRows(step: TermsStep, codes: Int32Array, levels: readonly string[], out: Matrix, offset: number): void {
  const places = placesOfTerms(step)
  const made = new Map<number, Sparse>()
  for (let row = 0; row < codes.length; row++) {
    const code = codes[row]!
    if (code < 0) continue
    let numbers = made.get(code)
    if (!numbers) {
      numbers = sparseRow(step, places, levels[code]!)
      made.set(code, numbers)
    }
    for (const [place, value] of numbers) out.values[row * out.columns + offset + place] = value
  }
}

export function termsBlock(step: TermsStep): Block {
  const { name, terms, buckets } = step
  return {
    columns:
      buckets === undefined
        ? terms.map((term) => `${name}: ${term}`)
        : Array.from({ length: buckets }, (_, place) => `${name} #${place + 1}`),
    write(column, out, offset) {
      const { codes, levels } = textCells(column)
      writeRows(step, codes, levels, out, offset)
    },
    emit: (graph) => [emitTerms(graph, step, placesOfTerms(step))],
  }
}
