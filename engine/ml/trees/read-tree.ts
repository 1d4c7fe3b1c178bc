import type { Tree } from './ensemble.ts'
import type { GrowerMemory } from './grower-memory.ts'

const nodeBytes = 48
const leavesAt = 48 * 1024
const leafBytes = 24

/** The tree the kernels wrote, renumbered in preorder; nodes are split records, leaves the records behind them. */
export function readTree(
  memory: GrowerMemory,
  splits: number,
): { readonly tree: Tree; readonly nodeOfLeaf: Int32Array } {
  const view = new DataView(memory.session.buffer, memory.setup.buffers[11], leavesAt + 1024 * leafBytes)
  const size = 2 * splits + 1
  const tree = {
    feature: new Int32Array(size).fill(-1),
    threshold: new Float64Array(size),
    missingLeft: new Uint8Array(size),
    left: new Int32Array(size).fill(-1),
    right: new Int32Array(size).fill(-1),
    value: new Float64Array(size),
    cover: new Float64Array(size),
    gain: new Float64Array(size),
  }
  const nodeOfLeaf = new Int32Array(splits + 1)
  let next = 0
  const visit = (record: number): number => {
    const node = next++
    if (record < 0) {
      const leaf = leavesAt + ~record * leafBytes
      tree.value[node] = view.getFloat64(leaf, true)
      tree.cover[node] = view.getInt32(leaf + 8, true)
      nodeOfLeaf[~record] = node
      return node
    }
    const at = record * nodeBytes
    const feature = view.getInt32(at, true)
    const { bounds } = memory.bins[feature]!
    const bin = view.getInt32(at + 4, true)
    tree.feature[node] = feature
    tree.threshold[node] = bin < bounds.length ? bounds[bin]! : Number.POSITIVE_INFINITY
    tree.missingLeft[node] = view.getInt32(at + 8, true)
    tree.cover[node] = view.getInt32(at + 20, true)
    tree.gain[node] = view.getFloat64(at + 24, true)
    tree.left[node] = visit(view.getInt32(at + 12, true))
    tree.right[node] = visit(view.getInt32(at + 16, true))
    return node
  }
  visit(splits === 0 ? ~0 : 0)
  return { tree, nodeOfLeaf }
}
