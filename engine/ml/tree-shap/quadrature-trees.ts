import type { ShapSession } from '#contract'
import type { Tree } from '../trees/ensemble.ts'
import { gaussLegendre } from './gauss-legendre.ts'
import { leastShare } from './leaf-paths.ts'
import type { Area } from './memory-plan.ts'

const nodeBytes = 40
/** Rows that walk together. */
const rowsTogether = 32

/** A tree in the kernels' memory, walked with Gauss-Legendre points in place of tables. */
export interface QuadratureTree {
  readonly tree: Tree
  readonly nodes: number
  readonly points: number
  readonly abscissae: number
  readonly weights: number
}

/** The trees and the room they share. */
export interface QuadratureTrees {
  readonly placed: readonly QuadratureTree[]
  readonly room: number
}

export function placeQuadratureTrees(trees: readonly Tree[], area: Area): QuadratureTrees {
  let room = 0
  const placed = trees.map((tree): QuadratureTree => {
    const { depth, features } = extent(tree, 0, new Map())
    const points = 2 * Math.max(1, Math.ceil(features / 4))
    room = Math.max(room, (depth + 2) * levelBytes(points))
    return {
      tree,
      nodes: area(tree.feature.length * nodeBytes),
      points,
      abscissae: area(points * 8),
      weights: area(points * 8),
    }
  })
  return { placed, room: area(room) }
}

/** What the kernels' `quadratureLevelBytes` says. */
const levelBytes = (points: number) => (2 * rowsTogether + 8) * points * 8 + 16

/** Depth of a subtree and the most different features on a path to its leaves. */
function extent(tree: Tree, node: number, seen: Map<number, number>): { depth: number; features: number } {
  const feature = tree.feature[node]!
  if (feature < 0) return { depth: 0, features: seen.size }
  const times = seen.get(feature) ?? 0
  seen.set(feature, times + 1)
  const below = [tree.left[node]!, tree.right[node]!].map((child) => extent(tree, child, seen))
  if (times === 0) seen.delete(feature)
  else seen.set(feature, times)
  return {
    depth: 1 + Math.max(below[0]!.depth, below[1]!.depth),
    features: Math.max(below[0]!.features, below[1]!.features),
  }
}

/** An earlier edge of the path on some feature: at which depth, and the cover share of the feature so far. */
interface Edge {
  readonly depth: number
  readonly share: number
}

export function writeQuadratureTree(buffer: ArrayBufferLike, placed: QuadratureTree): void {
  const { tree, nodes, points } = placed
  const view = new DataView(buffer)
  const { points: abscissae, weights } = gaussLegendre(points)
  new Float64Array(buffer, placed.abscissae, points).set(abscissae)
  new Float64Array(buffer, placed.weights, points).set(weights)
  const path = new Map<number, Edge>()
  let next = 0
  function write(node: number, depth: number): void {
    const at = nodes + next++ * nodeBytes
    const feature = tree.feature[node]!
    view.setInt32(at, feature < 0 ? -1 : feature, true)
    view.setFloat64(at + 8, feature < 0 ? tree.value[node]! : tree.threshold[node]!, true)
    view.setInt32(at + 16, tree.missingLeft[node]!, true)
    if (feature < 0) return
    const before = path.get(feature)
    for (const child of [tree.left[node]!, tree.right[node]!]) {
      const own = Math.max(leastShare, tree.cover[child]! / tree.cover[node]!)
      const share = before ? before.share * own : own
      const childAt = nodes + next * nodeBytes
      if (child === tree.right[node]!) view.setInt32(at + 4, next, true)
      view.setFloat64(childAt + 24, share, true)
      view.setInt32(childAt + 32, before?.depth ?? 0, true)
      view.setInt32(childAt + 36, feature, true)
      path.set(feature, { depth: depth + 1, share })
      write(child, depth + 1)
    }
    if (before) path.set(feature, before)
    else path.delete(feature)
  }
  write(0, 0)
}

/** Adds the trees' values for rows [from, to) of `x` to `phi`. */
export function walkQuadratureTrees(
  session: ShapSession,
  { placed, room }: QuadratureTrees,
  x: number,
  features: number,
  rows: number,
  phi: number,
): void {
  for (const { nodes, points, abscissae, weights } of placed)
    session.walkQuadrature(nodes, points, abscissae, weights, room, x, features, 0, rows, phi)
}
