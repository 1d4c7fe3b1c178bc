import { ProblemError } from '#contract'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf } from '../neural/forward.ts'
import type { Layer } from '../neural/network.ts'
import { sizeOf } from '../neural/shape.ts'
import type { Random } from '../random/random.ts'
import { joined, piecesOf, withLayers } from '../search/network-morphisms.ts'

/**
 * Net2Net (Chen, Goodfellow & Shlens 2016, ICLR) for convolutions: more filters, or one convolution more, with the same
 * function but for float32 rounding.
 */

/** What may stand between a convolution and the layer that reads its channels. */
const passesChannels = new Set([
  'activation',
  'maxPool',
  'averagePool',
  'dropout',
  'batchNorm',
  'globalAveragePool',
  'flatten',
])

/** The layer that reads the channels of a convolution; -1 where something else stands between, or a way around. */
export function channelReader(layers: readonly Layer[], at: number): number {
  const next = layers.findIndex(({ kind }, index) => index > at && !passesChannels.has(kind))
  const reader = layers[next]
  const open = layers
    .slice(0, at)
    .reduce((depth, { kind }) => depth + (kind === 'residualStart' ? 1 : kind === 'residualEnd' ? -1 : 0), 0)
  const reads = reader?.kind === 'dense' || (reader?.kind === 'convolution' && (reader.groups ?? 1) === 1)
  return open === 0 && reads ? next : -1
}

/** More filters in a convolution: copies of random ones, whose outgoing weights are shared out among the copies. */
export function widenConvolution(
  trained: TrainedNetwork,
  layer: number,
  filters: number,
  random: Random,
): TrainedNetwork {
  const { layers } = trained.network
  const wide = layers[layer]
  const reader = channelReader(layers, layer)
  if (wide?.kind !== 'convolution' || (wide.groups ?? 1) > 1 || reader < 0 || filters <= wide.filters)
    throw unsupported(
      layer,
      'widen',
      'Choose a convolution of all channels before another layer, and more filters than it has.',
    )
  const copied = Uint32Array.from({ length: filters }, (_, filter) =>
    filter < wide.filters ? filter : random.integer(wide.filters),
  )
  const copies = new Uint32Array(wide.filters)
  for (const filter of copied) copies[filter]!++
  const between = (part: number) => part > layer && part < reader
  const perChannel = (values: Float32Array) => copyChannels(values, copied, values.length / wide.filters)
  const parameters = joined(
    piecesOf(trained).map(({ part, values }) => {
      if (part.layer === layer || between(part.layer)) return perChannel(values)
      if (part.layer !== reader || part.role !== 'weights') return values
      return shareInputs(values, layers[reader]!.kind === 'dense' ? 1 : part.shape[0]!, copied, copies)
    }),
  )
  let at = 0
  const statistics = joined(
    layoutOf(trained.network).statistics.map((part) => {
      const values = trained.statistics.subarray(at, at + sizeOf(part.shape))
      at += values.length
      return between(part.layer) ? perChannel(values) : values
    }),
  )
  return { network: withLayers(trained, layer, 1, [{ ...wide, filters }]), parameters, statistics }
}

/** Blocks of `each` numbers a channel, in another order and number. */
function copyChannels(values: Float32Array, copied: Uint32Array, each: number): Float32Array {
  const wide = new Float32Array(copied.length * each)
  copied.forEach((channel, at) => wide.set(values.subarray(channel * each, (channel + 1) * each), at * each))
  return wide
}

/** Weights that read the channels, `sets` times over all of them: each copy gets its share. */
function shareInputs(values: Float32Array, sets: number, copied: Uint32Array, copies: Uint32Array): Float32Array {
  const old = values.length / sets
  const each = old / copies.length
  return joined(
    Array.from({ length: sets }, (_, set) => {
      const wide = copyChannels(values.subarray(set * old, (set + 1) * old), copied, each)
      return wide.map((value, at) => value / copies[copied[Math.floor(at / each)]!]!)
    }),
  )
}

/** A convolution and ReLU more behind a convolution's ReLU: the identity, which ReLU leaves as it is. */
export function deepenConvolution(trained: TrainedNetwork, activation: number, size = 3): TrainedNetwork {
  const { layers } = trained.network
  const relu = layers[activation]
  const source = layers.slice(0, activation).findLastIndex(({ kind }) => kind !== 'batchNorm')
  const before = layers[source]
  if (before?.kind !== 'convolution' || relu?.kind !== 'activation' || relu.function !== 'relu')
    throw unsupported(activation, 'deepen', 'Choose a ReLU that stands behind a convolution.')
  const { filters } = before
  const identity = new Float32Array(filters * filters * size ** 2)
  for (let filter = 0; filter < filters; filter++)
    identity[(filter * filters + filter) * size ** 2 + (size ** 2 - 1) / 2] = 1
  const added: Layer = { kind: 'convolution', filters, size, padding: (size - 1) / 2 }
  const pieces = piecesOf(trained)
  const behind = pieces.findIndex(({ part }) => part.layer > activation)
  const at = behind < 0 ? pieces.length : behind
  const vectors = pieces.map(({ values }) => values)
  const parameters = joined([...vectors.slice(0, at), identity, new Float32Array(filters), ...vectors.slice(at)])
  return { ...trained, network: withLayers(trained, activation, 1, [relu, added, relu]), parameters }
}

const unsupported = (layer: number, what: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message: `Layer ${layer} is not one that this can ${what}.`, fix })
