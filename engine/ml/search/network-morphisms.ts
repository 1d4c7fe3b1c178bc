import { ProblemError } from '#contract'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf } from '../neural/forward.ts'
import type { Layer, VectorPart } from '../neural/network.ts'
import { sizeOf } from '../neural/shape.ts'
import type { Random } from '../random/random.ts'

/**
 * Network morphisms: a trained network made larger that computes the same, so that a search goes on from its weights.
 * Widening and deepening are those of Net2Net (Chen, Goodfellow & Shlens 2016, ICLR), larger kernels those of Wei et al.
 * 2016 (ICML). Dense layers widen and deepen, convolutions take a larger kernel. Equal but for float32 rounding.
 */
export interface Piece {
  readonly part: VectorPart
  readonly values: Float32Array
}

/** More units in a dense layer: copies of random ones, whose outgoing weights are shared out among the copies. */
export function widenDense(trained: TrainedNetwork, layer: number, units: number, random: Random): TrainedNetwork {
  const { layers } = trained.network
  const wide = layers[layer]
  const next = nextDense(layers, layer)
  if (wide?.kind !== 'dense' || next < 0 || units <= wide.units)
    throw unsupported(layer, 'widen', 'Choose a dense layer before another, and more units than it has.')
  const copied = Uint32Array.from({ length: units }, (_, unit) =>
    unit < wide.units ? unit : random.integer(wide.units),
  )
  const copies = new Uint32Array(wide.units)
  for (const unit of copied) copies[unit]!++
  const pieces = piecesOf(trained).map(({ part, values }) => {
    const width = part.shape.at(-1)!
    if (part.layer === layer) {
      const widened = new Float32Array((values.length / width) * units)
      return widened.map((_, at) => values[Math.floor(at / units) * width + copied[at % units]!]!)
    }
    if (part.layer !== next || part.role !== 'weights') return values
    const shared = new Float32Array(units * width)
    return shared.map((_, at) => {
      const unit = copied[Math.floor(at / width)]!
      return values[unit * width + (at % width)]! / copies[unit]!
    })
  })
  return { ...trained, network: withLayers(trained, layer, 1, [{ kind: 'dense', units }]), parameters: joined(pieces) }
}

/** A dense layer and ReLU more behind a dense layer's ReLU: the identity, which ReLU leaves as it is. */
export function deepenDense(trained: TrainedNetwork, activation: number): TrainedNetwork {
  const { layers } = trained.network
  const [before, relu] = [layers[activation - 1], layers[activation]]
  if (before?.kind !== 'dense' || relu?.kind !== 'activation' || relu.function !== 'relu')
    throw unsupported(activation, 'deepen', 'Choose a ReLU that stands behind a dense layer.')
  const { units } = before
  const identity = new Float32Array(units * units).map((_, at) => (at % (units + 1) === 0 ? 1 : 0))
  const pieces = piecesOf(trained)
  const behind = pieces.findIndex(({ part }) => part.layer > activation)
  const at = behind < 0 ? pieces.length : behind
  const vectors = pieces.map(({ values }) => values)
  const parameters = joined([...vectors.slice(0, at), identity, new Float32Array(units), ...vectors.slice(at)])
  return { ...trained, network: withLayers(trained, activation, 1, [relu, before, relu]), parameters }
}

/** A kernel two cells larger: a border of zeros, and as much more padding. */
export function enlargeKernel(trained: TrainedNetwork, layer: number): TrainedNetwork {
  const old = trained.network.layers[layer]
  if (old?.kind !== 'convolution') throw unsupported(layer, 'enlarge', 'Choose a convolution.')
  const size = old.size + 2
  const larger: Layer = { ...old, size, padding: (old.padding ?? 0) + (old.dilation ?? 1) }
  const pieces = piecesOf(trained).map(({ part, values }) => {
    if (part.layer !== layer || part.role !== 'weights') return values
    const padded = new Float32Array((values.length / old.size ** 2) * size ** 2)
    values.forEach((value, at) => {
      const [plane, row] = [Math.floor(at / old.size ** 2), Math.floor(at / old.size) % old.size]
      padded[plane * size ** 2 + (row + 1) * size + (at % old.size) + 1] = value
    })
    return padded
  })
  return { ...trained, network: withLayers(trained, layer, 1, [larger]), parameters: joined(pieces) }
}

/** The next dense layer when nothing between mixes units; -1 otherwise. */
function nextDense(layers: readonly Layer[], layer: number): number {
  const next = layers.findIndex(({ kind }, at) => at > layer && kind !== 'activation' && kind !== 'dropout')
  return next >= 0 && layers[next]!.kind === 'dense' ? next : -1
}

/** The flat vector of parameters, part by part. */
export function piecesOf({ network, parameters }: TrainedNetwork): readonly Piece[] {
  let from = 0
  return layoutOf(network).parameters.map((part) => {
    const values = parameters.subarray(from, from + sizeOf(part.shape))
    from += values.length
    return { part, values }
  })
}

/** Parts as one flat vector again. */
export function joined(vectors: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(vectors.reduce((length, vector) => length + vector.length, 0))
  let at = 0
  for (const vector of vectors) {
    all.set(vector, at)
    at += vector.length
  }
  return all
}

/** The network with other layers in the place of `count` from `at`. */
export const withLayers = ({ network }: TrainedNetwork, at: number, count: number, layers: readonly Layer[]) => ({
  ...network,
  layers: [...network.layers.slice(0, at), ...layers, ...network.layers.slice(at + count)],
})

const unsupported = (layer: number, what: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message: `Layer ${layer} is not one that this can ${what}.`, fix })
