import type { RunContext } from '#contract'
import type { RowLatency } from '#ml/architecture/joint-objective'
import { untrainedNetwork } from '#ml/architecture/untrained-network'
import type { Network } from '#ml/neural/network'
import { rowLatencies } from '../../optimise/row-latency.ts'
import { networkBytes } from '../neural-network/describe-network.ts'
import type { NetworkTask } from '../neural-network/read-task.ts'

/** What was measured, by the layers of the network. */
export type Latencies = readonly (readonly [layers: string, latency: RowLatency])[]

export interface Stopwatch {
  /** Milliseconds a row, in the order of the networks; what was measured once is not measured again. */
  measure(networks: readonly Network[]): Promise<readonly RowLatency[]>
  readonly found: Latencies
}

const rounds = 3
const calls = 60

/** Times candidates as the files they would become, with values a training begins from: those don't change how long a call takes. */
export function openStopwatch(task: NetworkTask, context: RunContext, known: Latencies = []): Stopwatch {
  const found = new Map(known)
  const keyOf = ({ layers }: Network) => JSON.stringify(layers)
  const { features } = task.plan
  return {
    async measure(networks) {
      const unknown = networks.filter((network) => !found.has(keyOf(network)))
      const files = unknown.map((network) => ({ onnx: networkBytes(task, untrainedNetwork(network)), features }))
      const latencies = await rowLatencies(files, task.tables.training.frame, context, { rounds, calls })
      unknown.forEach((network, at) => {
        found.set(keyOf(network), latencies[at]!)
      })
      return networks.map((network) => found.get(keyOf(network))!)
    },
    get found() {
      return [...found]
    },
  }
}
