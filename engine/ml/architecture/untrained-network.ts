import type { TrainedNetwork } from '../neural/fold-normalization.ts'
import { layoutOf, startVector } from '../neural/forward.ts'
import type { Network } from '../neural/network.ts'
import { createRandom } from '../random/random.ts'

/** A network with the values that a training begins from: as large and as quick as the trained one. */
export function untrainedNetwork(network: Network): TrainedNetwork {
  const { parameters, statistics } = layoutOf(network)
  const random = createRandom(0)
  return {
    network,
    parameters: startVector(parameters, random.split('start')),
    statistics: startVector(statistics, random),
  }
}
