import { layoutOf } from './forward.ts'
import type { Layer, Network, VectorPart } from './network.ts'
import { normalizationEpsilon } from './operators/normalization.ts'
import { sizeOf } from './shape.ts'

/** A network with the values it has learned. */
export interface TrainedNetwork {
  readonly network: Network
  readonly parameters: Float32Array
  readonly statistics: Float32Array
}

interface LayerValues {
  readonly layer: Layer
  readonly values: Readonly<Partial<Record<VectorPart['role'], Float64Array>>>
}

/**
 * The same function for prediction with fewer layers: dropout is gone, and batch normalization after a dense layer on
 * rows or a convolution is part of its weights: w' = w s, b' = (b − mean) s + shift with s = gain / √(variance + ε)
 * (Jacob et al. 2018, arXiv 1712.05877, section 3.2).
 */
export function foldNormalization(trained: TrainedNetwork): TrainedNetwork {
  const folded: LayerValues[] = []
  for (const next of layerValues(trained)) {
    const before = folded.at(-1)
    if (next.layer.kind === 'dropout') continue
    if (next.layer.kind === 'batchNorm' && before && foldable(trained.network, before.layer))
      folded[folded.length - 1] = merged(before, next)
    else folded.push(next)
  }
  const network = { ...trained.network, layers: folded.map(({ layer }) => layer) }
  const { parameters, statistics } = layoutOf(network)
  const join = (parts: readonly VectorPart[]) =>
    Float32Array.from(parts.flatMap(({ layer, role }) => [...folded[layer]!.values[role]!]))
  return { network, parameters: join(parameters), statistics: join(statistics) }
}

/** Dense layers work on the last axis, normalization on the second: they are the same for plain rows. */
const foldable = (network: Network, layer: Layer): boolean =>
  layer.kind === 'convolution' || (layer.kind === 'dense' && plainRows(network, layer))

function plainRows(network: Network, layer: Layer): boolean {
  const upTo = network.layers.slice(0, network.layers.indexOf(layer) + 1)
  // A part of a network may end within a residual, which changes no shape.
  const chain = upTo.filter(({ kind }) => kind !== 'residualStart' && kind !== 'residualEnd')
  return layoutOf({ ...network, layers: chain }).outputs.length === 1
}

/** The values of each layer, taken from the flat vectors. */
function layerValues({ network, parameters, statistics }: TrainedNetwork): readonly LayerValues[] {
  const layout = layoutOf(network)
  const values = network.layers.map((): Partial<Record<VectorPart['role'], Float64Array>> => ({}))
  const take = (parts: readonly VectorPart[], vector: Float32Array) => {
    let at = 0
    for (const { layer, role, shape } of parts) {
      values[layer]![role] = Float64Array.from(vector.subarray(at, at + sizeOf(shape)))
      at += sizeOf(shape)
    }
  }
  take(layout.parameters, parameters)
  take(layout.statistics, statistics)
  return network.layers.map((layer, index) => ({ layer, values: values[index]! }))
}

function merged({ layer, values }: LayerValues, { values: norm }: LayerValues): LayerValues {
  const factors = norm.gain!.map((gain, channel) => gain / Math.sqrt(norm.variance![channel]! + normalizationEpsilon))
  const [weights, bias] = [values.weights!, values.bias!]
  const each = weights.length / bias.length
  const channelOf = (index: number) => (layer.kind === 'dense' ? index % bias.length : Math.floor(index / each))
  return {
    layer,
    values: {
      weights: weights.map((weight, index) => weight * factors[channelOf(index)]!),
      bias: bias.map((value, channel) => (value - norm.mean![channel]!) * factors[channel]! + norm.shift![channel]!),
    },
  }
}
