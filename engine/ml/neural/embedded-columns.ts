import type { TrainedNetwork } from './fold-normalization.ts'
import { layoutOf } from './forward.ts'
import { sizeOf } from './shape.ts'

/** A network whose first layer, vectors for the levels of columns, is taken off: what is left can be differentiated. */
export interface EmbeddedNetwork {
  readonly rest: TrainedNetwork
  /** For each number that the rest takes: the number of the prepared column it stands for. */
  readonly columns: Int32Array
  /** Prepared rows as the rest takes them, row-major. */
  embed(rows: Float64Array): Float64Array
}

/** Undefined where levels or words become vectors elsewhere than in the first layer, which has no slope by them. */
export function embeddedColumns(trained: TrainedNetwork): EmbeddedNetwork | undefined {
  const { network, parameters } = trained
  const [first, ...layers] = network.layers
  const lookUps = ['embedding', 'wordMean', 'columnEmbedding']
  if (layers.some(({ kind }) => lookUps.includes(kind)) || first?.kind === 'embedding' || first?.kind === 'wordMean')
    return undefined
  if (first?.kind !== 'columnEmbedding')
    return {
      rest: trained,
      columns: Int32Array.from({ length: sizeOf(network.inputs) }, (_, column) => column),
      embed: (rows) => rows,
    }
  const { numbers, levels, width } = first
  const own = sizeOf(layoutOf(network).parameters[0]!.shape)
  const table = parameters.subarray(0, own)
  const starts = levels.map((_, at) => levels.slice(0, at).reduce((sum, count) => sum + count + 2, 2))
  const wide = numbers + levels.length * width
  return {
    rest: { ...trained, network: { inputs: [wide], layers }, parameters: parameters.slice(own) },
    columns: Int32Array.from({ length: wide }, (_, at) =>
      at < numbers ? at : numbers + Math.floor((at - numbers) / width),
    ),
    embed(rows) {
      const narrow = numbers + levels.length
      const count = rows.length / narrow
      const out = new Float64Array(count * wide)
      for (let row = 0; row < count; row++) {
        out.set(rows.subarray(row * narrow, row * narrow + numbers), row * wide)
        starts.forEach((start, at) => {
          const code = rows[row * narrow + numbers + at]!
          if (code === -1) return
          const from = (start + code) * width
          out.set(table.subarray(from, from + width), row * wide + numbers + at * width)
        })
      }
      return out
    },
  }
}
