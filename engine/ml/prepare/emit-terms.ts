import type { Attribute, Graph } from '../onnx/graph-builder.ts'
import { doubleType } from './block.ts'
import type { TermsStep } from './text-terms.ts'
import { characterSpellings, spellings, splitTerm, wordPattern } from './text-tokens.ts'

/** Token number of what no term has, and of a place that holds no token at all. */
const unknown = -1
const nothing = -2

/** Tokens of each row as numbers, int64 `[N, T]`: -1 for one that is not listed, -2 where a row has no more. */
export function emitTokens(
  graph: Graph,
  { name, unit }: Pick<TermsStep, 'name' | 'unit'>,
  tokens: readonly string[],
): string {
  const flat = graph.apply('Reshape', [graph.input(name, 'string', ['N', 1]), graph.constant('int64', [1], [-1])])
  const text =
    unit === 'character'
      ? flat
      : graph.apply('StringNormalizer', [flat], {
          case_change_action: { string: 'LOWER' },
          is_case_sensitive: { int: 1 },
          locale: { string: 'C' },
        })
  const pattern: Readonly<Record<string, Attribute>> =
    unit === 'character' ? { separators: { strings: [''] } } : { tokenexp: { string: wordPattern } }
  // ONNX Runtime's own operator: the standard has none that splits by a pattern or into characters.
  const [split] = graph.node(
    'Tokenizer',
    [text],
    { mark: { int: 0 }, mincharnum: { int: 1 }, pad_value: { string: '' }, ...pattern },
    { domain: 'com.microsoft' },
  )
  const spelled = tokens.flatMap((token, number) =>
    (unit === 'character' ? characterSpellings(token) : spellings(token)).map((own) => [own, number] as const),
  )
  const attributes = {
    keys_strings: { strings: [...spelled.map(([own]) => own), ''] },
    values_int64s: { ints: [...spelled.map(([, number]) => number), nothing] },
    default_int64: { int: unknown },
  }
  return graph.node('LabelEncoder', [split!], attributes, { domain: 'ai.onnx.ml' })[0]!
}

/** Counts of the terms, float `[N, width]`, each at the column that `columnOf` gives it. */
function emitCounts(graph: Graph, step: TermsStep, columnOf: ReadonlyMap<string, number>, width: number): string {
  const split = step.terms.map((term) => splitTerm(term, step.unit))
  const tokens = [...new Set(split.flat())]
  const number = new Map(tokens.map((token, index) => [token, index]))
  const pool: number[] = []
  const starts: number[] = []
  const columns: number[] = []
  for (let size = 1; size <= step.to; size++) {
    starts.push(pool.length)
    split.forEach((parts, term) => {
      if (parts.length !== size) return
      pool.push(...parts.map((token) => number.get(token)!))
      columns.push(columnOf.get(step.terms[term]!)!)
    })
    // The operator is as wide as its highest column, so a term that never occurs holds the last one.
    if (size === step.to && !columns.includes(width - 1)) {
      pool.push(...new Array<number>(size).fill(nothing - 1))
      columns.push(width - 1)
    }
  }
  return graph.apply('TfIdfVectorizer', [emitTokens(graph, step, tokens)], {
    mode: { string: 'TF' },
    min_gram_length: { int: step.from },
    max_gram_length: { int: step.to },
    max_skip_count: { int: 0 },
    ngram_counts: { ints: starts },
    ngram_indexes: { ints: columns },
    pool_int64s: { ints: pool },
  })
}

/** The raw text as an input and its row of numbers, double `[N, width]`. */
export function emitTerms(
  graph: Graph,
  step: TermsStep,
  places: ReadonlyMap<string, { readonly place: number; readonly sign: number }>,
): string {
  const { buckets, weights, sublinear } = step
  const double = { to: { int: doubleType } }
  const zero = graph.number(0)
  let numbers: string
  if (buckets === undefined) {
    const columns = new Map([...places].map(([term, { place }]) => [term, place]))
    const counts = graph.apply('Cast', [emitCounts(graph, step, columns, step.terms.length)], double)
    const one = graph.number(1)
    const damped = () => graph.apply('Add', [one, graph.apply('Log', [graph.apply('Max', [counts, one])])])
    const taken = sublinear ? graph.apply('Where', [graph.apply('Greater', [counts, zero]), damped(), zero]) : counts
    const weight = graph.constant('double', [1, step.terms.length], Float64Array.from(weights ?? []))
    numbers = graph.apply('Mul', [taken, weight])
  } else {
    // Positive counts first, then those that are taken away.
    const columns = new Map([...places].map(([term, { place, sign }]) => [term, sign > 0 ? place : buckets + place]))
    const counts = graph.apply('Cast', [emitCounts(graph, step, columns, 2 * buckets)], double)
    const halves = graph.node('Split', [counts], { axis: { int: 1 }, num_outputs: { int: 2 } }, { outputs: 2 })
    numbers = graph.apply('Sub', [...halves])
  }
  const axis = graph.constant('int64', [1], [1])
  const length = graph.apply('Sqrt', [graph.apply('ReduceSumSquare', [numbers, axis])])
  const divisor = graph.apply('Where', [graph.apply('Equal', [length, zero]), graph.number(1), length])
  return graph.apply('Div', [numbers, divisor])
}
