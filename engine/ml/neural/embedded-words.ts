import type { TrainedNetwork } from './fold-normalization.ts'
import { layoutOf } from './forward.ts'
import { sizeOf } from './shape.ts'

/**
 * A network on words without its first layer: vectors in the places of words, so that what is left can be
 * differentiated by them.
 */
export interface EmbeddedWords {
  readonly rest: TrainedNetwork
  readonly places: number
  /** Numbers a place has. */
  readonly width: number
  /** Whether the rest takes the sum over the places, as of a mean of words, and not the places in their order. */
  readonly summed: boolean
  /** Rows of word numbers as vectors: row-major [rows, places, width]. Of a mean each word holds its share of it. */
  embed(rows: Float64Array): Float64Array
}

/** Undefined where the first layer takes no words, or a later one looks something up. */
export function embeddedWords({ network, parameters, statistics }: TrainedNetwork): EmbeddedWords | undefined {
  const [first, ...layers] = network.layers
  if (first?.kind !== 'embedding' && first?.kind !== 'wordMean') return undefined
  if (layers.some(({ kind }) => kind === 'embedding' || kind === 'wordMean' || kind === 'columnEmbedding'))
    return undefined
  const own = sizeOf(layoutOf(network).parameters[0]!.shape)
  const table = parameters.subarray(0, own)
  const { width } = first
  const places = sizeOf(network.inputs)
  const summed = first.kind === 'wordMean'
  return {
    rest: {
      network: { inputs: summed ? [width] : [...network.inputs, width], layers },
      parameters: parameters.slice(own),
      statistics,
    },
    places,
    width,
    summed,
    embed(rows) {
      const out = new Float64Array(rows.length * width)
      for (let from = 0; from < rows.length; from += places) {
        const words = rows.subarray(from, from + places).reduce((count, word) => count + Number(word > 0), 0)
        for (let at = from; at < from + places; at++) {
          const word = rows[at]!
          if (summed && word === 0) continue
          const share = summed ? 1 / words : 1
          for (let k = 0; k < width; k++) out[at * width + k] = share * table[word * width + k]!
        }
      }
      return out
    },
  }
}
