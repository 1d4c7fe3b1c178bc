import type { ShapKernels } from '#contract'
import type { Matrix } from '../matrix.ts'
import { predictMargins, type Tree, type TreeEnsemble } from './ensemble.ts'

const nodeBytes = 32
const firstByte = 65_536
/** Rows in the kernels' memory at a time: with their margins and a tree they stay in the cache. */
const rowsAtOnce = 512

interface PlacedTree {
  readonly at: number
  readonly depth: number
  readonly output: number
}

/**
 * Lays an ensemble out once to score matrices of `features` columns again and again: margins, row-major [rows, outputs],
 * with the bytes of `predictMargins`. NaN is missing.
 */
export function prepareTreeScores(
  kernels: ShapKernels,
  ensemble: TreeEnsemble,
  features: number,
): (x: Matrix) => Float64Array {
  const { trees, outputs, base } = ensemble
  if (trees.some(({ categories }) => categories?.some((set) => set !== undefined)))
    return (x) => predictMargins(ensemble, columnsOf(x), x.rows)
  const nodes = trees.reduce((sum, { feature }) => sum + feature.length, 0)
  const x = firstByte + nodes * nodeBytes
  const out = x + rowsAtOnce * features * 8
  const session = kernels.open(out + rowsAtOnce * outputs * 8)
  let next = firstByte
  const placed = trees.map((tree, index): PlacedTree => {
    const at = next
    next += tree.feature.length * nodeBytes
    return { at, depth: writeTree(new DataView(session.buffer, at), tree), output: index % outputs }
  })
  return ({ rows, values }) => {
    const margins = new Float64Array(rows * outputs)
    for (let from = 0; from < rows; from += rowsAtOnce) {
      const count = Math.min(rowsAtOnce, rows - from)
      new Float64Array(session.buffer, x, count * features).set(
        values.subarray(from * features, (from + count) * features),
      )
      const block = new Float64Array(session.buffer, out, count * outputs)
      for (let cell = 0; cell < block.length; cell++) block[cell] = base[cell % outputs]!
      for (const { at, depth, output } of placed)
        session.scoreTree(at, depth, x, count, features, out + 8 * output, outputs)
      margins.set(block, from * outputs)
    }
    return margins
  }
}

/** Writes the nodes in preorder; returns the depth. */
function writeTree(view: DataView, tree: Tree): number {
  let next = 0
  function write(node: number): number {
    const at = next
    next += nodeBytes
    const feature = tree.feature[node]!
    if (feature < 0) {
      view.setUint32(at + 16, at, true)
      view.setUint32(at + 20, at, true)
      view.setFloat64(at + 24, tree.value[node]!, true)
      return 0
    }
    view.setFloat64(at, tree.threshold[node]!, true)
    view.setUint32(at + 8, feature * 8, true)
    view.setInt32(at + 12, tree.missingLeft[node]!, true)
    view.setUint32(at + 16, next, true)
    const left = write(tree.left[node]!)
    view.setUint32(at + 20, next, true)
    return 1 + Math.max(left, write(tree.right[node]!))
  }
  return write(0)
}

const columnsOf = ({ rows, columns, values }: Matrix) =>
  Array.from({ length: columns }, (_, f) =>
    Float64Array.from({ length: rows }, (_cell, row) => values[row * columns + f]!),
  )
