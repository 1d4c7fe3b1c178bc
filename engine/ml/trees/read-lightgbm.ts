import type { Tree, TreeEnsemble } from './ensemble.ts'

/** A node of LightGBM's `dump_model()`. */
interface DumpedNode {
  readonly split_feature?: number
  /** A number, or the categories that go left, joined by `||`. */
  readonly threshold?: number | string
  readonly decision_type?: string
  readonly default_left?: boolean
  readonly missing_type?: string
  readonly left_child?: DumpedNode
  readonly right_child?: DumpedNode
  readonly split_gain?: number
  readonly internal_count?: number
  readonly leaf_value?: number
  readonly leaf_count?: number
}
interface DumpedModel {
  readonly num_tree_per_iteration: number
  readonly tree_info: readonly { readonly tree_structure: DumpedNode }[]
}

/** Reads LightGBM's JSON dump. Its leaf values already carry the starting margin. */
export function readLightgbm(dump: DumpedModel): TreeEnsemble {
  return {
    trees: dump.tree_info.map(({ tree_structure }) => readTree(tree_structure)),
    outputs: dump.num_tree_per_iteration,
    base: new Array<number>(dump.num_tree_per_iteration).fill(0),
  }
}

function readTree(root: DumpedNode): Tree {
  const nodes: Record<Exclude<keyof Tree, 'categories'>, number>[] = []
  const sets: (Float64Array | undefined)[] = []
  const visit = (node: DumpedNode): number => {
    const place = nodes.length
    if (node.left_child === undefined || node.right_child === undefined) {
      nodes.push({
        feature: -1,
        threshold: 0,
        missingLeft: 0,
        left: -1,
        right: -1,
        value: node.leaf_value ?? 0,
        cover: node.leaf_count ?? 0,
        gain: 0,
      })
      return place
    }
    const isSet = node.decision_type === '=='
    if (!isSet && node.decision_type !== '<=') throw new RangeError(`decision type ${node.decision_type} is not known`)
    if (isSet) sets[place] = Float64Array.from(String(node.threshold).split('||'), Number)
    const threshold = isSet ? 0 : Number(node.threshold ?? 0)
    const record = {
      feature: node.split_feature ?? 0,
      threshold,
      // without a missing type NaN is compared as 0; missing categories go right
      missingLeft: Number(!isSet && (node.missing_type === 'NaN' ? node.default_left : 0 <= threshold)),
      left: -1,
      right: -1,
      value: 0,
      cover: node.internal_count ?? 0,
      gain: node.split_gain ?? 0,
    }
    nodes.push(record)
    record.left = visit(node.left_child)
    record.right = visit(node.right_child)
    return place
  }
  visit(root)
  return {
    feature: Int32Array.from(nodes, (node) => node.feature),
    threshold: Float64Array.from(nodes, (node) => node.threshold),
    missingLeft: Uint8Array.from(nodes, (node) => node.missingLeft),
    left: Int32Array.from(nodes, (node) => node.left),
    right: Int32Array.from(nodes, (node) => node.right),
    value: Float64Array.from(nodes, (node) => node.value),
    cover: Float64Array.from(nodes, (node) => node.cover),
    gain: Float64Array.from(nodes, (node) => node.gain),
    ...(sets.length > 0 && { categories: sets }),
  }
}
