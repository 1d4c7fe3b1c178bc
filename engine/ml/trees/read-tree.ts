import { blankTree } from './blank-tree.ts'
import type { Tree } from './ensemble.ts'
import type { GrowerMemory } from './grower-memory.ts'

const nodeBytes = 48
const leavesAt = 48 * 1024
const leafBytes = 24
const categoriesAt = 72 * 1024

/** The tree the kernels wrote, renumbered in preorder; nodes are split records, leaves the records behind them. */
export function readTree(
  memory: GrowerMemory,
  splits: number,
): { readonly tree: Tree; readonly nodeOfLeaf: Int32Array } {
  const view = new DataView(memory.session.buffer, memory.setup.buffers[11], categoriesAt + 1024 * 32)
  const size = 2 * splits + 1
  const tree = blankTree(size)
  const sets: (Float64Array | undefined)[] = []
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
    const { bounds, categories } = memory.bins[feature]!
    const set = categoriesAt + record * 32
    if (categories) sets[node] = categories.filter((_, k) => (view.getUint8(set + (k >> 3)) >> (k & 7)) & 1)
    const bin = view.getInt32(at + 4, true)
    tree.feature[node] = feature
    tree.threshold[node] = categories ? 0 : bin < bounds.length ? bounds[bin]! : Number.POSITIVE_INFINITY
    tree.missingLeft[node] = view.getInt32(at + 8, true)
    tree.cover[node] = view.getInt32(at + 20, true)
    tree.gain[node] = view.getFloat64(at + 24, true)
    tree.left[node] = visit(view.getInt32(at + 12, true))
    tree.right[node] = visit(view.getInt32(at + 16, true))
    return node
  }
  visit(splits === 0 ? ~0 : 0)
  return { tree: sets.length > 0 ? { ...tree, categories: sets } : tree, nodeOfLeaf }
}
