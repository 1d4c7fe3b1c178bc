import type { FrameColumn } from '#contract'
import type { Graph } from '#ml/onnx/graph-builder'
import { emitTokens } from '#ml/prepare/emit-terms'
import { tokensOf } from '#ml/prepare/text-tokens'

/** A text as the numbers of its first words: 0 for no word, 1 for one outside the vocabulary, then the vocabulary. */
export interface WordInput {
  readonly kind: 'words'
  readonly column: string
  /** Sorted by code unit. */
  readonly words: readonly string[]
  /** Words that are read; what comes behind is left out. */
  readonly places: number
}

/** The most frequent words of the given texts; equally frequent ones by their names. */
export function fitWords(
  { name, cells }: FrameColumn,
  options: { readonly mostWords: number; readonly minRows: number; readonly places: number },
): WordInput {
  const rowsWith = new Map<string, number>()
  for (const text of textsOf(cells))
    for (const word of new Set(tokensOf(text, 'word'))) rowsWith.set(word, (rowsWith.get(word) ?? 0) + 1)
  const order = (a: string, b: string) => (a < b ? -1 : 1)
  const words = [...rowsWith]
    .filter(([, rows]) => rows >= options.minRows)
    .sort(([a, one], [b, other]) => other - one || order(a, b))
    .slice(0, options.mostWords)
    .map(([word]) => word)
    .sort(order)
  return { kind: 'words', column: name, words, places: options.places }
}

function textsOf(cells: FrameColumn['cells']): readonly string[] {
  if (cells.kind !== 'text') throw new RangeError('words come from texts')
  return Array.from(cells.codes, (code) => cells.levels[code] ?? '')
}

/** Numbers of the words, rows × places. */
export function wordNumbers(input: WordInput, { cells }: FrameColumn): Float32Array {
  const numberOf = new Map(input.words.map((word, index) => [word, index + 2]))
  const texts = textsOf(cells)
  const numbers = new Float32Array(texts.length * input.places)
  texts.forEach((text, row) => {
    const words = tokensOf(text, 'word').slice(0, input.places)
    words.forEach((word, at) => {
      numbers[row * input.places + at] = numberOf.get(word) ?? 1
    })
  })
  return numbers
}

/** The same from the raw text `[N, 1]` inside a graph; gives a float tensor [N, places]. */
export function emitWords(graph: Graph, { column, words, places }: WordInput): string {
  const integers = (...values: number[]) => graph.constant('int64', [values.length], values)
  const tokens = emitTokens(graph, { name: column, unit: 'word' }, words)
  const numbers = graph.apply('Add', [tokens, integers(2)])
  const rows = graph.apply('Shape', [graph.input(column, 'string', ['N', 1])], { end: { int: 1 } })
  const shape = graph.apply('Concat', [rows, integers(places)], { axis: { int: 0 } })
  const empty = graph.apply('Expand', [graph.constant('int64', [1, 1], [0]), shape])
  const filled = graph.apply('Concat', [numbers, empty], { axis: { int: 1 } })
  const first = graph.apply('Slice', [filled, integers(0), integers(places), integers(1)])
  return graph.apply('Cast', [first], { to: { int: 1 } })
}
