import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import type { Layer } from '../neural/network.ts'
import type { Random } from '../random/random.ts'
import { deepenDense, enlargeKernel, widenDense } from '../search/network-morphisms.ts'
import { channelReader, deepenConvolution, widenConvolution } from './convolution-morphisms.ts'

interface Growth {
  readonly what: string
  apply(random: Random): TrainedNetwork
}

/** A network one step larger that computes the same, and what became of it; undefined where it can grow no more. */
export function growNetwork(
  trained: TrainedNetwork,
  random: Random,
): { readonly trained: TrainedNetwork; readonly what: string } | undefined {
  const growths = possibleGrowths(trained)
  const chosen = growths[random.integer(Math.max(1, growths.length))]
  return chosen && { trained: chosen.apply(random), what: chosen.what }
}

const largestKernel = 7

function possibleGrowths(trained: TrainedNetwork): readonly Growth[] {
  const { layers } = trained.network
  return layers.flatMap((layer, at): readonly Growth[] => {
    if (layer.kind === 'dense' && readsUnits(layers, at)) {
      const units = Math.max(layer.units + 1, Math.round(layer.units * 1.5))
      return [
        { what: `layer ${at + 1} widened to ${units}`, apply: (random) => widenDense(trained, at, units, random) },
      ]
    }
    if (layer.kind === 'convolution') return convolutionGrowths(trained, layer, at)
    if (layer.kind !== 'activation' || layer.function !== 'relu' || isInside(layers, at)) return []
    if (layers[at - 1]?.kind === 'dense')
      return [{ what: `a dense layer behind layer ${at + 1}`, apply: () => deepenDense(trained, at) }]
    const source = layers.slice(0, at).findLast(({ kind }) => kind !== 'batchNorm')
    return source?.kind === 'convolution'
      ? [{ what: `a convolution behind layer ${at + 1}`, apply: () => deepenConvolution(trained, at) }]
      : []
  })
}

function convolutionGrowths(
  trained: TrainedNetwork,
  layer: Extract<Layer, { kind: 'convolution' }>,
  at: number,
): readonly Growth[] {
  const { layers } = trained.network
  const growths: Growth[] = []
  if (layer.size + 2 <= largestKernel && (layer.size > 1 || (layer.groups ?? 1) === 1))
    growths.push({ what: `the kernel of layer ${at + 1} enlarged`, apply: () => enlargeKernel(trained, at) })
  const filters = Math.max(layer.filters + 1, Math.round(layer.filters * 1.5))
  if ((layer.groups ?? 1) === 1 && channelReader(layers, at) >= 0)
    growths.push({
      what: `layer ${at + 1} widened to ${filters} filters`,
      apply: (random) => widenConvolution(trained, at, filters, random),
    })
  return growths
}

/** Whether the next layer that mixes units is dense, with nothing but activations and dropout between, outside a residual. */
function readsUnits(layers: readonly Layer[], at: number): boolean {
  const next = layers.find(({ kind }, index) => index > at && kind !== 'activation' && kind !== 'dropout')
  return next?.kind === 'dense' && !isInside(layers, at)
}

function isInside(layers: readonly Layer[], at: number): boolean {
  const depth = (kind: Layer['kind']) => (kind === 'residualStart' ? 1 : kind === 'residualEnd' ? -1 : 0)
  return layers.slice(0, at).reduce((sum, { kind }) => sum + depth(kind), 0) > 0
}
