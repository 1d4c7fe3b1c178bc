import type { TreeEnsemble } from './ensemble.ts'
import type { Forest } from './forest.ts'

/**
 * A forest as a sum of trees, one a tree and output with its share of the mean, for what works on sums: ONNX, Shapley values.
 * Structures are shared, not copied.
 */
export function forestEnsemble({ trees, outputs }: Forest): TreeEnsemble {
  return {
    outputs,
    base: new Array<number>(outputs).fill(0),
    trees: trees.flatMap((tree) =>
      Array.from({ length: outputs }, (_, output) => ({
        ...tree,
        value: tree.value.map((_value, node) => tree.values[node * outputs + output]! / trees.length),
      })),
    ),
  }
}
