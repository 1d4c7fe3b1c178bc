import { vectorLength } from '../neural/forward.ts'
import { runLayer } from '../neural/layers.ts'
import type { Network, VectorPart } from '../neural/network.ts'
import { sizeOf } from '../neural/shape.ts'
import { createTape, type Value } from '../neural/tape.ts'
import { createGraph } from '../onnx/graph-builder.ts'

/** What a network costs to keep and to use; exact, and the same on every machine. */
export interface NetworkCost {
  /** Learned values. */
  readonly parameters: number
  /** Multiplications with additions for one example, those of dense layers and convolutions. */
  readonly multiplyAdds: number
  /** Bytes of the learned values as float32; a file adds about a kilobyte for its graph. */
  readonly bytes: number
  /** Shape of what goes into each layer, and last of what comes out. */
  readonly shapes: readonly (readonly number[])[]
}

const looksUp = new Set(['embedding', 'columnEmbedding', 'wordMean'])

/** Walks the layers as `layoutOf` does. Throws a RangeError where a layer does not take what comes before it. */
export function networkCost(network: Network): NetworkCost {
  const tape = createTape(createGraph('cost'))
  const parts: VectorPart[] = []
  const shapes: (readonly number[])[] = [network.inputs]
  const open: Value[] = []
  let multiplyAdds = 0
  let value = tape.input('x', [-1, ...network.inputs])
  network.layers.forEach((layer, number) => {
    const before = parts.length
    const noting: Parameters<typeof runLayer>[0]['parameter'] = (role, shape, start) => {
      parts.push({ layer: number, role, shape, start })
      return tape.input(`${number} ${role}`, shape)
    }
    const statistic: typeof noting = (role, shape) => tape.input(`${number} ${role}`, shape)
    value = runLayer({ tape, layer: number, parameter: noting, statistic, open }, value, layer)
    const shape = value.shape.slice(1)
    if (shape.some((side) => side < 1)) throw new RangeError(`layer ${number} (${layer.kind}) leaves nothing over`)
    shapes.push(shape)
    const weights = parts.slice(before).filter(({ role }) => role === 'weights')
    if (!looksUp.has(layer.kind)) multiplyAdds += vectorLength(weights) * placesOf(layer.kind, shape)
  })
  const parameters = vectorLength(parts)
  return { parameters, multiplyAdds, bytes: 4 * parameters, shapes }
}

/** How often each weight is used for one example. */
const placesOf = (kind: string, shape: readonly number[]): number =>
  kind === 'convolution' ? sizeOf(shape.slice(1)) : sizeOf(shape.slice(0, -1))
