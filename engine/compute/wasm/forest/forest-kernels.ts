import { Worker } from 'node:worker_threads'
import type { FeatureBins, ForestJob, ForestKernels, GrownTree } from '#contract'
import { growShare, type ThreadJob } from './forest-thread.ts'

const pageBytes = 65_536
const firstByte = 65_536

/** Number of bounds below a value: its bin; missing values come after the last. */
function binOf(value: number, { bounds }: FeatureBins): number {
  if (Number.isNaN(value)) return bounds.length + 1
  let low = 0
  let high = bounds.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (bounds[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

function placeJob({ data, outputs, options }: ForestJob, threads: number) {
  let offset = firstByte
  const take = (bytes: number) => {
    const at = offset
    offset += Math.ceil(bytes / 64) * 64
    return at
  }
  const rows = data.labels.length
  const features = data.columns.length
  const mostNodes = 2 * rows + 1
  const begun = take(4)
  const table = {
    columns: take(rows * features),
    binCounts: take(features * 4),
    missing: take(features * 4),
    targets: take(outputs === 1 ? rows * 8 : rows),
    weights: data.weights ? take(rows * 8) : 0,
  }
  const threadAreas = Array.from({ length: threads }, () => ({
    weights: take(rows * 8),
    order: take(rows * 4),
    parked: take(rows * 4),
    stack: take((rows + 2) * 16),
    nodes: take(mostNodes * 40),
    values: take(mostNodes * outputs * 8),
    histogram: take(260 * (outputs + 1) * 8),
    featureOrder: take(features * 4 + 64),
  }))
  const memory = new WebAssembly.Memory({
    initial: Math.max(16, Math.ceil(offset / pageBytes)),
    maximum: 65_536,
    shared: true,
  })
  return threadAreas.map(
    (own): ThreadJob => ({ memory, begun, rows, features, outputs, options, mostNodes, table, own }),
  )
}

function fillTable({ bins, data, outputs }: ForestJob, { memory, table, rows, features }: ThreadJob): void {
  const columns = new Uint8Array(memory.buffer, table.columns, rows * features)
  data.columns.forEach((column, feature) => {
    const own = bins[feature]!
    for (let row = 0; row < rows; row++) columns[feature * rows + row] = binOf(column[row]!, own)
  })
  new Int32Array(memory.buffer, table.binCounts, features).set(bins.map(({ bounds }) => bounds.length + 1))
  new Int32Array(memory.buffer, table.missing, features).set(bins.map(({ hasMissing }) => (hasMissing ? 1 : 0)))
  if (outputs === 1) new Float64Array(memory.buffer, table.targets, rows).set(data.labels)
  else new Uint8Array(memory.buffer, table.targets, rows).set(data.labels)
  if (data.weights) new Float64Array(memory.buffer, table.weights, rows).set(data.weights)
}

/** Trees side by side: each thread grows whole trees, one after the other, so the forest is the same for any number of threads. */
export const wasmForestKernels: ForestKernels = {
  async grow(job, afterTree) {
    const { first = 0 } = job.options
    const wanted = job.options.trees - first
    const threads = Math.max(1, Math.min(job.options.threads, wanted))
    const shares = placeJob(job, threads)
    fillTable(job, shares[0]!)
    const trees: GrownTree[] = []
    let grown = 0
    const keep = (tree: number, nodes: ArrayBuffer, values: Float64Array) => {
      trees[tree - first] = { nodes, values }
      grown++
      afterTree?.(grown)
    }
    const workers = shares
      .slice(1)
      .map((share) => new Worker(new URL('./forest-thread.ts', import.meta.url), { workerData: share }))
    const others = new Promise<void>((resolve, reject) => {
      for (const worker of workers)
        worker
          .on('message', ({ tree, nodes, values }: GrownTree & { tree: number }) => {
            trees[tree - first] = { nodes, values }
            grown++
            if (grown === wanted) resolve()
          })
          .once('error', reject)
    })
    others.catch(() => {})
    try {
      growShare(shares[0]!, keep)
      if (grown < wanted) await others
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()))
    }
    return trees
  },
}
