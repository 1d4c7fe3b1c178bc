import type { ShapSession } from '#contract'
import type { Matrix } from '../matrix.ts'
import type { TreePaths } from './leaf-paths.ts'
import type { Area } from './memory-plan.ts'

const nodeBytes = 40
const leafBytes = 64
/** A leaf with more distinct features has no table. */
export const widestTable = 14
/** All tables together stay below this; leaves that come too late compute directly. */
export const tableBudget = 512 * 2 ** 20
/** Masks up to so many bits are counted by the kernels. */
const widestCount = 16

/** A tree in the kernels' memory, walked leaf by leaf with a table a leaf. */
export interface TableTree {
  readonly paths: TreePaths
  readonly nodes: number
  readonly leaves: number
  readonly pending: number
  readonly tables: readonly LeafTables[]
}

interface LeafTables {
  readonly offsets: number
  readonly shares: number
  readonly table: number
  readonly filled: number
  readonly masks: number
  readonly maskShares: number
}

/** Bytes of all tables of a tree. */
export const tableBytes = ({ leaves }: TreePaths): number =>
  leaves.reduce((sum, { features }) => sum + leafTableBytes(features.length), 0)

const leafTableBytes = (d: number) => 2 ** d * (d * 8 + 1)

/** Plans memory for the trees. */
export function placeTableTrees(paths: readonly TreePaths[], area: Area, backgroundRows: number): TableTree[] {
  let used = 0
  return paths.map((tree) => ({
    paths: tree,
    nodes: area(tree.nodes.length * nodeBytes),
    leaves: area(tree.leaves.length * leafBytes),
    pending: area(tree.nodes.length * 8),
    tables: tree.leaves.map(({ features }) => {
      const d = features.length
      const size = d <= widestTable ? leafTableBytes(d) : Number.POSITIVE_INFINITY
      const hasTable = d > 0 && used + size <= tableBudget
      if (hasTable) used += size
      const distinct = Math.min(backgroundRows, d < 31 ? 2 ** d : backgroundRows)
      return {
        offsets: area(d * 4),
        shares: area(d * 8),
        table: hasTable ? area(2 ** d * d * 8) : 0,
        filled: hasTable ? area(2 ** d) : 0,
        masks: area(distinct * 8),
        maskShares: area(distinct * 8),
      }
    }),
  }))
}

export function writeTableTree(buffer: ArrayBufferLike, { paths, nodes, leaves, tables }: TableTree): void {
  const view = new DataView(buffer)
  paths.nodes.forEach((node, index) => {
    const at = nodes + index * nodeBytes
    view.setInt32(at, node.isRight ? 1 : 0, true)
    view.setInt32(at + 4, node.feature, true)
    view.setFloat64(at + 8, node.threshold, true)
    view.setInt32(at + 16, node.missingLeft, true)
    view.setInt32(at + 20, node.right, true)
    view.setBigUint64(at + 24, 1n << BigInt(node.slot), true)
    view.setInt32(at + 32, node.first ? 1 : 0, true)
  })
  paths.leaves.forEach((leaf, index) => {
    const at = leaves + index * leafBytes
    const place = tables[index]!
    view.setInt32(at, leaf.features.length, true)
    view.setUint32(at + 4, place.offsets, true)
    view.setUint32(at + 8, place.shares, true)
    view.setFloat64(at + 16, leaf.value, true)
    view.setUint32(at + 24, place.table, true)
    view.setUint32(at + 28, place.filled, true)
    leaf.features.forEach((feature, k) => view.setUint32(place.offsets + 4 * k, feature * 8, true))
    leaf.shares.forEach((share, k) => view.setFloat64(place.shares + 8 * k, share, true))
  })
}

/** Places of the background's part: rows in `x`, each leaf's masks of all rows, and a zeroed u32 a mask to count with. */
export interface BackgroundPlaces {
  readonly x: number
  readonly masks: number
  readonly counts: number
}

/** Bytes to count masks in. */
export const countBytes = 4 * 2 ** widestCount

export const mostLeaves = (paths: readonly TreePaths[]) =>
  paths.reduce((most, { leaves }) => Math.max(most, leaves.length), 1)

/** Writes each leaf's distinct background masks with their shares, and gives the background's mean margin without the base. */
export function collectBackground(
  session: ShapSession,
  placed: readonly TableTree[],
  at: BackgroundPlaces,
  background: Matrix,
): number {
  const { rows, columns } = background
  const view = new DataView(session.buffer)
  let mean = 0
  for (const tree of placed) {
    const { paths, nodes, leaves, pending, tables } = tree
    session.walkTree(nodes, paths.nodes.length, leaves, at.x, columns, 0, rows, 0, 2, at.masks, pending)
    paths.leaves.forEach((leaf, number) => {
      const place = tables[number]!
      const seen = at.masks + number * rows * 8
      const wide = leaf.features.length > widestCount
      const distinct = wide
        ? distinctWideMasks(session.buffer, seen, rows, place)
        : session.distinctMasks(seen, rows, at.counts, place.masks, place.maskShares)
      mean += leaf.value * shareOfFull(session.buffer, place, distinct, leaf.features.length)
      const record = leaves + number * leafBytes
      view.setInt32(record + 36, distinct, true)
      view.setUint32(record + 40, place.masks, true)
      view.setUint32(record + 44, place.maskShares, true)
    })
  }
  return mean
}

/** As the kernels' `distinctMasks`, for masks too wide to count in a table. */
function distinctWideMasks(buffer: ArrayBufferLike, seen: number, rows: number, place: LeafTables): number {
  const counts = new Map<bigint, number>()
  for (const mask of new BigUint64Array(buffer, seen, rows)) counts.set(mask, (counts.get(mask) ?? 0) + 1)
  new BigUint64Array(buffer, place.masks, counts.size).set([...counts.keys()])
  new Float64Array(buffer, place.maskShares, counts.size).set(Array.from(counts.values(), (count) => count / rows))
  return counts.size
}

/** The share of the background that reaches the leaf. */
function shareOfFull(buffer: ArrayBufferLike, place: LeafTables, distinct: number, d: number): number {
  const full = (1n << BigInt(d)) - 1n
  const entry = new BigUint64Array(buffer, place.masks, distinct).indexOf(full)
  return entry < 0 ? 0 : new Float64Array(buffer, place.maskShares, distinct)[entry]!
}
