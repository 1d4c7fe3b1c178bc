import type { Matrix } from '../matrix.ts'
import { requireComplete } from '../reduce/complete-matrix.ts'
import { neighbourTree, withinRadius } from './neighbour-tree.ts'

export interface DensityClusters {
  /** Clusters from 0 in the order of their first core row, -1 for noise. */
  readonly labels: Int32Array
  /** 1 for rows with enough rows around them. */
  readonly core: Uint8Array
  readonly clusters: number
}

/**
 * DBSCAN (Ester et al. 1996): a row with at least `least` rows within `radius`, itself among them, is a core row; core rows
 * within the radius of each other share a cluster, and other rows within it join the first cluster that reaches them.
 */
export function dbscan(x: Matrix, radius: number, least = 5): DensityClusters {
  requireComplete(x, 'DBSCAN', 0)
  const labels = new Int32Array(x.rows).fill(-1)
  const core = new Uint8Array(x.rows)
  const asked = new Uint8Array(x.rows)
  const tree = neighbourTree(x)
  const stack: number[] = []
  const around: number[] = []
  let clusters = 0

  function isCore(row: number): boolean {
    around.length = 0
    if (asked[row] === 1 && core[row] === 0) return false
    withinRadius(tree, x.values, row * x.columns, radius, 'euclidean', (other) => {
      around.push(other)
    })
    asked[row] = 1
    if (around.length < least) return false
    core[row] = 1
    return true
  }

  for (let first = 0; first < x.rows; first++) {
    if (labels[first]! >= 0 || !isCore(first)) continue
    labels[first] = clusters
    stackOthers()
    for (let row = stack.pop(); row !== undefined; row = stack.pop()) if (isCore(row)) stackOthers()
    clusters++
  }
  return { labels, core, clusters }

  /** Labels and stacks the rows around that belong to no cluster yet. */
  function stackOthers(): void {
    for (const other of around) {
      if (labels[other]! >= 0) continue
      labels[other] = clusters
      stack.push(other)
    }
  }
}
