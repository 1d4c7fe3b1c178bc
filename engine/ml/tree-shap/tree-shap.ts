import type { ShapKernels, ShapSession } from '#contract'
import type { Matrix } from '../matrix.ts'
import type { Tree, TreeEnsemble } from '../trees/ensemble.ts'
import { expectedMargin, needCover, type TreePaths, treePaths } from './leaf-paths.ts'
import {
  collectBackground,
  countBytes,
  mostLeaves,
  placeTableTrees,
  type TableTree,
  tableBudget,
  tableBytes,
  widestTable,
  writeTableTree,
} from './leaf-tables.ts'
import { memoryPlan } from './memory-plan.ts'
import { placeQuadratureTrees, walkQuadratureTrees, writeQuadratureTree } from './quadrature-trees.ts'
import { treeInteractions } from './tree-interactions.ts'

/**
 * Exact Shapley values of tree ensembles on the margin scale. Path-dependent: Lundberg et al. 2018 (arXiv 1802.03888).
 * Interventional: Lundberg et al. 2020 (doi 10.1038/s42256-019-0138-9), linear in rows plus background, because a leaf
 * only sees masks. Tables over leaf masks: Yang 2021 (Fast TreeSHAP v2, arXiv 2109.09847), here filled lazily; for few
 * rows and deep trees quadrature instead (see the kernels' `quadrature.ts`).
 */
export interface TreeShap {
  /** Contributions, row-major [rows, features]. */
  readonly values: Float64Array
  /** What a row's contributions and this add up to is its margin. */
  readonly base: number
}

export interface TreeShapOptions {
  /** Rows to compare with: interventional values; path-dependent ones without. */
  readonly background?: Matrix | undefined
  /** The output of the ensemble; the first unless told. */
  readonly output?: number
  /** How many rows will be asked for in all, where that is known: few are explained without tables. */
  readonly rows?: number
}

/** Rows in the kernels' memory at a time. */
const rowsAtOnce = 4096
/** Fewer rows don't fill tables often enough to pay. */
const fewRows = 512

/** Shapley values of one output of an ensemble for the rows of `x`; interventional when a background is given. */
export const treeShap = (
  kernels: ShapKernels,
  ensemble: TreeEnsemble,
  x: Matrix,
  background?: Matrix,
  output = 0,
): TreeShap => prepareTreeShap(kernels, ensemble, x.columns, { background, output, rows: x.rows })(x)

/** Lays an ensemble out once, to explain rows of `features` columns again and again. */
export function prepareTreeShap(
  kernels: ShapKernels,
  ensemble: TreeEnsemble,
  features: number,
  { background, output = 0, rows = Number.POSITIVE_INFINITY }: TreeShapOptions = {},
): (x: Matrix) => TreeShap {
  const trees = ensemble.trees.filter((_, index) => index % ensemble.outputs === output)
  if (!background) needCover(trees)
  const plain = trees.filter((tree) => !splitsOnCategories(tree))
  const categorical = trees.filter(splitsOnCategories)
  const paths = plain.map(treePaths)
  const tabled = background ? paths.map(() => true) : chooseTables(paths, rows)
  const { session, at, tables, walked } = layOut(kernels, features, rows, {
    tables: paths.filter((_, index) => tabled[index]),
    walked: plain.filter((_, index) => !tabled[index]),
    background,
  })
  let base = ensemble.base[output]! + expectedMargin(paths)
  if (background) {
    new Float64Array(session.buffer, at.x, background.values.length).set(background.values)
    base = ensemble.base[output]! + collectBackground(session, tables, at, background)
  }
  return (x) => {
    const values = new Float64Array(x.rows * features)
    for (let from = 0; from < x.rows; from += at.most) {
      const count = Math.min(at.most, x.rows - from)
      const phi = new Float64Array(session.buffer, at.phi, count * (features + 1)).fill(0)
      new Float64Array(session.buffer, at.x, count * features).set(
        x.values.subarray(from * features, (from + count) * features),
      )
      walkTables(session, tables, at, features, count, background ? 1 : 0)
      walkQuadratureTrees(session, walked, at.x, features, count, at.phi)
      for (let row = 0; row < count; row++)
        values.set(phi.subarray(row * (features + 1), row * (features + 1) + features), (from + row) * features)
    }
    return { values, base: base + addCategorical(categorical, x, background, values) }
  }
}

/** Which trees are explained with tables: those whose leaves have few features, while memory lasts, for many rows. */
function chooseTables(paths: readonly TreePaths[], rows: number): boolean[] {
  let used = 0
  return paths.map((tree) => {
    if (rows < fewRows || tree.leaves.some(({ features }) => features.length > widestTable)) return false
    const size = tableBytes(tree)
    if (used + size > tableBudget) return false
    used += size
    return true
  })
}

interface Layout {
  readonly tables: readonly TreePaths[]
  readonly walked: readonly Tree[]
  readonly background: Matrix | undefined
}

/** Places everything in memory of its own, and writes the trees. */
function layOut(kernels: ShapKernels, features: number, rows: number, parts: Layout) {
  const area = memoryPlan()
  const held = parts.background?.rows ?? 0
  const most = Math.min(rowsAtOnce, Math.max(1, rows))
  const weights = area(65 * 65 * 8)
  const scratch = area(2048)
  const at = {
    most,
    x: area(Math.max(most, held) * features * 8),
    phi: area(most * (features + 1) * 8),
    masks: area(held > 0 ? mostLeaves(parts.tables) * held * 8 : 0),
    counts: area(held > 0 ? countBytes : 0),
  }
  const tables = placeTableTrees(parts.tables, area, held)
  const walked = placeQuadratureTrees(parts.walked, area)
  const session = kernels.open(area(0))
  session.setScratch(weights, scratch)
  for (const tree of tables) writeTableTree(session.buffer, tree)
  for (const tree of walked.placed) writeQuadratureTree(session.buffer, tree)
  return { session, at, tables, walked }
}

function walkTables(
  session: ShapSession,
  trees: readonly TableTree[],
  at: { readonly x: number; readonly phi: number },
  features: number,
  rows: number,
  mode: 0 | 1,
): void {
  for (const { paths, nodes, leaves, pending } of trees)
    session.walkTree(nodes, paths.nodes.length, leaves, at.x, features, 0, rows, at.phi, mode, 0, pending)
}

const splitsOnCategories = ({ categories }: Tree) => categories?.some((set) => set !== undefined) ?? false

/** Adds what trees with categories contribute, which the kernels don't walk: sums over pairs. Gives their base. */
function addCategorical(trees: readonly Tree[], x: Matrix, background: Matrix | undefined, into: Float64Array): number {
  if (trees.length === 0) return 0
  const { values, base } = treeInteractions({ trees, outputs: 1, base: [0] }, x, background)
  for (let at = 0; at < values.length; at++) into[Math.floor(at / x.columns)]! += values[at]!
  return base
}
