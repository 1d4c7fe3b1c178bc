import { ProblemError } from '#contract'
import type { Tree, TreeEnsemble } from './ensemble.ts'
import { type OnnxNode, onnxNodes } from './onnx-attributes.ts'
import { thresholdAt, thresholdBelow } from './single-precision.ts'

/**
 * Reads the one `TreeEnsembleRegressor` (ai.onnx.ml 1 and 3) of an ONNX model that takes raw numbers: sums and means,
 * numeric splits, no transform behind. The operator compares in single precision; the thresholds here are the doubles
 * that say the same. Such files don't tell how many rows reached a node, so cover is NaN, and explanations need a
 * background.
 */
export function readOnnxTrees(model: Uint8Array): TreeEnsemble {
  const found = onnxNodes(model).filter(({ type }) => type.startsWith('TreeEnsemble'))
  const node = found[0]
  if (found.length !== 1 || node?.type !== 'TreeEnsembleRegressor')
    throw unusable(
      'does not hold exactly one TreeEnsembleRegressor',
      'Export the trees as a regressor of their margins',
    )
  const transform = node.texts.get('post_transform')?.[0] ?? 'NONE'
  const aggregate = node.texts.get('aggregate_function')?.[0] ?? 'SUM'
  if (transform !== 'NONE')
    throw unusable(`transforms its sums by ${transform}`, 'Export the margins without a transform')
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE')
    throw unusable(`takes the ${aggregate} of its trees`, 'Export a sum of trees')
  const numbers = (name: string) => node.numbers.get(name) ?? []
  const outputs = Math.max(1, numbers('n_targets')[0] ?? 1)
  const ids = [...new Set(numbers('nodes_treeids'))]
  const base = Array.from({ length: outputs }, (_, output) => numbers('base_values')[output] ?? 0)
  const scale = aggregate === 'AVERAGE' ? 1 / ids.length : 1
  const trees = ids.flatMap((id) => readTree(node, id, outputs, scale))
  return { trees, outputs, base }
}

/** One tree an output, of the same splits, since a leaf may weigh for several. */
function readTree(node: OnnxNode, id: number, outputs: number, scale: number): Tree[] {
  const numbers = (name: string) => node.numbers.get(name) ?? []
  const rows = [...numbers('nodes_treeids').keys()].filter((at) => numbers('nodes_treeids')[at] === id)
  const place = new Map(rows.map((at, k) => [numbers('nodes_nodeids')[at]!, k]))
  const modes = rows.map((at) => node.texts.get('nodes_modes')?.[at] ?? '')
  const other = modes.find((mode) => !(mode in kinds))
  if (other !== undefined) throw unusable(`splits by ${other}`, 'Export numeric splits by <= or <')
  const kind = (k: number) => kinds[modes[k]!]!
  const child = (k: number, yes: boolean) =>
    place.get(numbers(yes ? 'nodes_truenodeids' : 'nodes_falsenodeids')[rows[k]!]!) ?? -1
  const size = { length: rows.length }
  const shared = {
    feature: Int32Array.from(size, (_, k) => (kind(k).leaf ? -1 : numbers('nodes_featureids')[rows[k]!]!)),
    threshold: Float64Array.from(size, (_, k) => {
      const value = numbers('nodes_values')[rows[k]!]!
      return kind(k).leaf ? 0 : kind(k).below ? thresholdBelow(value) : thresholdAt(value)
    }),
    missingLeft: Uint8Array.from(size, (_, k) => {
      const yes = numbers('nodes_missing_value_tracks_true')[rows[k]!] === 1
      return !kind(k).leaf && yes !== kind(k).swapped ? 1 : 0
    }),
    left: Int32Array.from(size, (_, k) => (kind(k).leaf ? -1 : child(k, !kind(k).swapped))),
    right: Int32Array.from(size, (_, k) => (kind(k).leaf ? -1 : child(k, kind(k).swapped))),
    cover: new Float64Array(rows.length).fill(Number.NaN),
    gain: new Float64Array(rows.length),
  }
  const values = Array.from({ length: outputs }, () => new Float64Array(rows.length))
  numbers('target_treeids').forEach((tree, at) => {
    const leaf = place.get(numbers('target_nodeids')[at]!)
    if (tree === id && leaf !== undefined)
      values[numbers('target_ids')[at]!]![leaf]! += numbers('target_weights')[at]! * scale
  })
  return values.map((value) => ({ ...shared, value }))
}

/** How a split asks: x < t rather than x <= t, and whether the answer no goes left. */
const kinds: Readonly<Record<string, { readonly leaf: boolean; readonly below: boolean; readonly swapped: boolean }>> =
  {
    LEAF: { leaf: true, below: false, swapped: false },
    BRANCH_LEQ: { leaf: false, below: false, swapped: false },
    BRANCH_LT: { leaf: false, below: true, swapped: false },
    BRANCH_GT: { leaf: false, below: false, swapped: true },
    BRANCH_GTE: { leaf: false, below: true, swapped: true },
  }

const unusable = (what: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message: `The ONNX model ${what}, so its trees can not be read.`, fix })
