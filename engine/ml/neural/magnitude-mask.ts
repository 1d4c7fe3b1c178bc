import { layoutOf } from './forward.ts'
import type { Network } from './network.ts'
import { sizeOf } from './shape.ts'

/**
 * A mask that drops the given share of the weights, those nearest to zero over all layers together; biases, gains and
 * shifts stay (Han et al. 2015, "Learning both weights and connections for efficient neural networks", arXiv 1506.02626).
 * Weights that a mask before has dropped are dropped first. Of equal ones the first goes first.
 */
export function magnitudeMask(network: Network, parameters: Float32Array, share: number): Float32Array {
  const mask = new Float32Array(parameters.length).fill(1)
  const weights: number[] = []
  let at = 0
  for (const { role, shape } of layoutOf(network).parameters) {
    const end = at + sizeOf(shape)
    for (; at < end; at++) if (role === 'weights') weights.push(at)
  }
  const size = (index: number) => Math.abs(parameters[index]!)
  const ordered = weights.toSorted((a, b) => size(a) - size(b) || a - b)
  for (const index of ordered.slice(0, Math.round(share * weights.length))) mask[index] = 0
  return mask
}
