import { readFileSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import type { ForestOptions } from '#contract'
import { bootstrapCounts } from '#ml/trees/forest'

/** What a thread needs to grow its share of the trees. */
export interface ThreadJob {
  readonly memory: WebAssembly.Memory
  /** Where the number of trees stands that have been begun. */
  readonly begun: number
  readonly rows: number
  readonly features: number
  readonly outputs: number
  readonly options: ForestOptions
  readonly mostNodes: number
  readonly table: {
    readonly columns: number
    readonly binCounts: number
    readonly missing: number
    readonly targets: number
    readonly weights: number
  }
  readonly own: {
    readonly weights: number
    readonly order: number
    readonly parked: number
    readonly stack: number
    readonly nodes: number
    readonly values: number
    readonly histogram: number
    readonly featureOrder: number
  }
}

interface KernelExports {
  setTable(
    features: number,
    rows: number,
    outputs: number,
    columns: number,
    binCounts: number,
    missing: number,
    targets: number,
    mostNodes: number,
  ): void
  setBuffers(
    weights: number,
    order: number,
    parked: number,
    stack: number,
    nodes: number,
    values: number,
    histogram: number,
    featureOrder: number,
  ): void
  setLimits(tryFeatures: number, maxDepth: number, minLeaf: number, minSplit: number, randomThresholds: boolean): void
  growTree(seed: bigint, rows: number): number
}

const nodeBytes = 40

/** Weights of one tree, and the rows that have any. */
function drawRows(job: ThreadJob, tree: number, weights: Float64Array, order: Uint32Array): number {
  const { buffer } = job.memory
  if (job.options.bootstrap) bootstrapCounts(job.rows, job.options.seed, tree, weights)
  else weights.fill(1)
  if (job.table.weights) {
    const given = new Float64Array(buffer, job.table.weights, job.rows)
    for (let row = 0; row < job.rows; row++) weights[row]! *= given[row]!
  }
  let count = 0
  for (let row = 0; row < job.rows; row++) if (weights[row]! > 0) order[count++] = row
  return count
}

/** Grows one tree after the other that no thread has begun. */
export function growShare(
  job: ThreadJob,
  onTree: (tree: number, nodes: ArrayBuffer, values: Float64Array<ArrayBuffer>) => void,
): void {
  const module = new WebAssembly.Module(readFileSync(new URL('forest.wasm', import.meta.url)))
  const kernels = new WebAssembly.Instance(module, { env: { memory: job.memory, abort() {} } })
    .exports as unknown as KernelExports
  const { table, own, options } = job
  const { buffer } = job.memory
  kernels.setTable(
    job.features,
    job.rows,
    job.outputs,
    table.columns,
    table.binCounts,
    table.missing,
    table.targets,
    job.mostNodes,
  )
  kernels.setBuffers(
    own.weights,
    own.order,
    own.parked,
    own.stack,
    own.nodes,
    own.values,
    own.histogram,
    own.featureOrder,
  )
  kernels.setLimits(options.tryFeatures, options.maxDepth, options.minLeaf, options.minSplit, options.randomThresholds)
  const weights = new Float64Array(buffer, own.weights, job.rows)
  const order = new Uint32Array(buffer, own.order, job.rows)
  const begun = new Int32Array(buffer, job.begun, 1)
  const next = () => (options.first ?? 0) + Atomics.add(begun, 0, 1)
  for (let tree = next(); tree < options.trees; tree = next()) {
    const count = drawRows(job, tree, weights, order)
    const seed = (BigInt(options.seed) << 32n) | BigInt(tree)
    const made = kernels.growTree(seed, count)
    const nodes = new ArrayBuffer(made * nodeBytes)
    new Uint8Array(nodes).set(new Uint8Array(buffer, own.nodes, made * nodeBytes))
    const values = new Float64Array(made * job.outputs)
    values.set(new Float64Array(buffer, own.values, values.length))
    onTree(tree, nodes, values)
  }
}

/** Threads for other work load this module too, such as the members of a crew that grow forests of their own. */
const ownJob = (workerData as ThreadJob | null)?.memory instanceof WebAssembly.Memory ? (workerData as ThreadJob) : null
if (parentPort && ownJob) {
  const port = parentPort
  growShare(ownJob, (tree, nodes, values) => port.postMessage({ tree, nodes, values }, [nodes, values.buffer]))
}
