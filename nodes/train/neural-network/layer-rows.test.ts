import fc from 'fast-check'
import { expect, test } from 'vitest'
import { macroSpace, microSpace } from '#ml/architecture/architecture-space'
import { growNetwork } from '#ml/architecture/grow-network'
import { untrainedNetwork } from '#ml/architecture/untrained-network'
import type { Network } from '#ml/neural/network'
import { createRandom } from '#ml/random/random'
import { randomSettings } from '#ml/search/random-search'
import { firstLayers, type InputShape, ownNetwork } from './layer-list.ts'
import { layerRows } from './layer-rows.ts'

const inputs: readonly InputShape[] = [
  { kind: 'matrix', shape: [6] },
  { kind: 'matrix', shape: [6], levels: [3, 9] },
  { kind: 'pixels', shape: [1, 12, 12] },
  { kind: 'pixels', shape: [3, 9, 14] },
]

/** With what a convolution has unless told. */
const filled = ({ layers }: Network) =>
  layers.map((layer) => (layer.kind === 'convolution' ? { padding: 0, groups: 1, ...layer } : layer))

test.each(inputs.flatMap((input) => [macroSpace, microSpace].map((space) => ({ input, space }))))(
  'every network a search draws from $input.shape by $space.name, or grows, stands as rows that build it again',
  ({ input, space: spaceOf }) => {
    const outputs = 3
    const { space, network } = spaceOf({ inputs: input.shape, front: firstLayers(input), outputs })
    fc.assert(
      fc.property(fc.nat(), fc.nat(3), (seed, steps) => {
        const random = createRandom(seed)
        let grown = untrainedNetwork(network(randomSettings(space, random)))
        for (let step = 0; step < steps; step++) grown = growNetwork(grown, random)?.trained ?? grown
        const rows = layerRows(grown.network.layers)
        expect(rows).toBeDefined()
        expect(filled(ownNetwork(input, rows!, outputs))).toEqual(filled(grown.network))
      }),
      { numRuns: 25 },
    )
  },
)
