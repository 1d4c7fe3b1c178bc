import { foldNormalization, type TrainedNetwork } from './fold-normalization.ts'
import { layoutOf } from './forward.ts'
import { int8Weights } from './int8-weights.ts'
import { isWeighted } from './quantized-layers.ts'
import { sizeOf } from './shape.ts'

/**
 * The folded network with its weights as a quantized file holds them, int8 times the step of their channel; layers in
 * `fine` stay. Activations are not rounded, so the network can be differentiated: rounding taken as the identity
 * (straight-through, Bengio, Léonard & Courville 2013, arXiv 1308.3432).
 */
export function roundedWeights(trained: TrainedNetwork, fine: ReadonlySet<number>): TrainedNetwork {
  const folded = foldNormalization(trained)
  const { layers } = folded.network
  const parameters = folded.parameters.slice()
  let at = 0
  for (const { layer, role, shape } of layoutOf(folded.network).parameters) {
    const own = parameters.subarray(at, at + sizeOf(shape))
    at += own.length
    if (role !== 'weights' || !isWeighted(layers[layer]) || fine.has(layer)) continue
    const axis = layers[layer]!.kind === 'dense' ? 1 : 0
    const { values, scales } = int8Weights(own, shape[axis]!, axis)
    const each = own.length / scales.length
    own.forEach((_, index) => {
      const channel = axis === 0 ? Math.floor(index / each) : index % scales.length
      own[index] = values[index]! * scales[channel]!
    })
  }
  return { ...folded, parameters }
}
