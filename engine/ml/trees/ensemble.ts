/**
 * A regression tree as parallel arrays, the root first. Node i splits on `feature[i]` (-1: it is a leaf of `value[i]`):
 * rows with x <= threshold, or missing and `missingLeft`, go to `left[i]`, the others to `right[i]`.
 */
export interface Tree {
  readonly feature: Int32Array
  readonly threshold: Float64Array
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  readonly value: Float64Array
  /** Training rows that reached the node: what path-dependent SHAP weighs branches with. */
  readonly cover: Float64Array
  /** Loss saved by the split, 0 at leaves. */
  readonly gain: Float64Array
  /** By node: the values that go left where the split is on a feature without order; then the threshold says nothing. */
  readonly categories?: readonly (Float64Array | undefined)[]
}

/** A sum of trees on the margin scale. With several outputs, tree i belongs to output i % outputs. */
export interface TreeEnsemble {
  readonly trees: readonly Tree[]
  readonly outputs: number
  /** Margin before any tree, one an output. */
  readonly base: readonly number[]
}

/** The leaf that a row reaches; columns are column-major raw values, NaN is missing. */
export function leafOf(tree: Tree, columns: readonly Float64Array[], row: number): number {
  let node = 0
  for (let feature = tree.feature[0]!; feature >= 0; feature = tree.feature[node]!) {
    const value = columns[feature]![row]!
    const set = tree.categories?.[node]
    const goesLeft = Number.isNaN(value)
      ? tree.missingLeft[node]! === 1
      : set
        ? set.includes(value)
        : value <= tree.threshold[node]!
    node = goesLeft ? tree.left[node]! : tree.right[node]!
  }
  return node
}

/** Adds one tree's values to the margins `into[offset + row * step]`. */
export function addTree(tree: Tree, columns: readonly Float64Array[], into: Float64Array, offset = 0, step = 1): void {
  for (let row = 0, at = offset; at < into.length; row++, at += step)
    into[at]! += tree.value[leafOf(tree, columns, row)]!
}

/** Margins of all rows, row-major [rows, outputs]. */
export function predictMargins(ensemble: TreeEnsemble, columns: readonly Float64Array[], rows: number): Float64Array {
  const { outputs } = ensemble
  const margins = new Float64Array(rows * outputs)
  for (let at = 0; at < margins.length; at++) margins[at] = ensemble.base[at % outputs]!
  for (const [index, tree] of ensemble.trees.entries()) addTree(tree, columns, margins, index % outputs, outputs)
  return margins
}
