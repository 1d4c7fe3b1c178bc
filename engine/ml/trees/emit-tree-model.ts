import { freeName } from '../linear/emit-linear.ts'
import type { Graph } from '../onnx/graph-builder.ts'
import { emitTrees } from './emit-trees.ts'
import type { TreeEnsemble } from './ensemble.ts'
import type { TreeLink } from './ensemble-json.ts'

/**
 * Adds a tree model behind the prepared matrix `x`: output `scores` [N, classes] for logistic, softmax and shares of
 * classes, else `prediction` [N, 1], in double. `columns` are the names of the graph's inputs.
 */
export function emitTreeModel(
  graph: Graph,
  x: string,
  ensemble: TreeEnsemble,
  {
    link,
    classes,
    columns,
  }: { readonly link: TreeLink; readonly classes: number; readonly columns: readonly string[] },
): void {
  const output = freeName(classes > 0 ? 'scores' : 'prediction', columns)
  const margin = emitTrees(graph, x, ensemble)
  const named = { outputs: [output] }
  if (link === 'logistic') {
    const [second] = graph.node('Sigmoid', [margin])
    const [first] = graph.node('Sigmoid', graph.node('Neg', [margin]))
    graph.node('Concat', [first!, second!], { axis: { int: 1 } }, named)
  } else if (link === 'softmax') graph.node('Softmax', [margin], { axis: { int: 1 } }, named)
  else graph.node(link === 'exponential' ? 'Exp' : 'Identity', [margin], {}, named)
  graph.output(output, 'double', ['N', Math.max(1, classes)])
}
