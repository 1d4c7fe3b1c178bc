import fc from 'fast-check'
import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { networkModel } from '../neural/export-network.ts'
import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf, startVector, vectorLength } from '../neural/forward.ts'
import type { Network } from '../neural/network.ts'
import { sizeOf } from '../neural/shape.ts'
import { createRandom, type Random } from '../random/random.ts'
import { randomSettings } from '../search/random-search.ts'
import { macroSpace, microSpace } from './architecture-space.ts'
import { growNetwork } from './grow-network.ts'

const rows = 5

/** Random values, statistics of normalizations too, as a training would leave them. */
function trainedLike(network: Network, random: Random): TrainedNetwork {
  const { parameters, statistics } = layoutOf(network)
  const drawn = startVector(parameters, random.split('parameters')).map((value) => value + 0.02 * random.normal())
  return {
    network,
    parameters: drawn,
    statistics: startVector(statistics, random).map((v) => v + 0.3 * random.uniform()),
  }
}

async function outputs({ network, ...values }: TrainedNetwork, seed: number): Promise<ArrayLike<number>> {
  const session = await onnxSessions()(networkModel({ network, ...values }, 'squared'))
  const random = createRandom(seed)
  const features = Float32Array.from({ length: rows * sizeOf(network.inputs) }, () => random.normal())
  const shape = [rows, ...network.inputs]
  const found = await session.run({ features: { type: 'float', shape, values: features } })
  await session.release()
  return Array.from(Object.values(found)[0]!.values as Float32Array)
}

/** Sums of float32 products come in another order. */
const tolerance = 1e-5

test.each([
  ['chains over images', macroSpace({ inputs: [2, 8, 8], outputs: 3 })],
  ['cells over images', microSpace({ inputs: [1, 8, 8], outputs: 3 })],
  ['chains over tables', macroSpace({ inputs: [7], outputs: 3 })],
  ['cells over tables', microSpace({ inputs: [7], outputs: 3 })],
])('%s that grow step by step compute the same', async (_name, { space, network }) => {
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 10_000 }), async (seed) => {
      const random = createRandom(seed)
      let trained = trainedLike(network(randomSettings(space, random.split('settings'))), random)
      const before = await outputs(trained, seed)
      for (let step = 0; step < 3; step++) {
        const grown = growNetwork(trained, random.split(step))
        if (!grown) break
        trained = grown.trained
        const layout = layoutOf(trained.network)
        expect(trained.parameters.length, grown.what).toBe(vectorLength(layout.parameters))
        expect(trained.statistics.length, grown.what).toBe(vectorLength(layout.statistics))
        const after = await outputs(trained, seed)
        const scale = Math.max(1, ...Array.from(before, Math.abs))
        expect(largestDifference(after, before) / scale, grown.what).toBeLessThan(tolerance)
      }
    }),
    { numRuns: 12 },
  )
})
