import type { Graph } from '../onnx/graph-builder.ts'
import type { LogisticFit } from './logistic.ts'
import type { RidgeFit } from './ridge.ts'

/** An output's name, unless a raw column already has it. */
export function freeName(name: string, taken: readonly string[]): string {
  return taken.includes(name) ? freeName(`${name}_`, taken) : name
}

/** x B + a as a value of the graph: `sets` of coefficients on the columns of x, in double. */
function affine(graph: Graph, x: string, sets: readonly Float64Array[], intercepts: readonly number[]): string {
  const columns = sets[0]!.length
  const weights = new Float64Array(columns * sets.length)
  sets.forEach((set, k) => {
    for (let j = 0; j < columns; j++) weights[j * sets.length + k] = set[j]!
  })
  const [product] = graph.node('MatMul', [x, graph.constant('double', [columns, sets.length], weights)])
  return graph.node('Add', [product!, graph.constant('double', [1, sets.length], intercepts)])[0]!
}

/**
 * Adds a logistic model behind the prepared matrix `x`; output `scores` [N, classes], probabilities in double. `columns`
 * are the names of the graph's inputs.
 */
export function emitLogistic(
  graph: Graph,
  x: string,
  fit: Pick<LogisticFit, 'classes' | 'intercepts' | 'coefficients'>,
  columns: readonly string[] = [],
): void {
  const output = freeName('scores', columns)
  const margin = affine(graph, x, fit.coefficients, fit.intercepts)
  if (fit.classes === 2) {
    const [second] = graph.node('Sigmoid', [margin])
    const [first] = graph.node('Sigmoid', graph.node('Neg', [margin]))
    graph.node('Concat', [first!, second!], { axis: { int: 1 } }, { outputs: [output] })
  } else graph.node('Softmax', [margin], { axis: { int: 1 } }, { outputs: [output] })
  graph.output(output, 'double', ['N', fit.classes])
}

/** Adds a linear model behind the prepared matrix `x`; output `prediction` [N, 1] in double. */
export function emitRidge(
  graph: Graph,
  x: string,
  fit: Pick<RidgeFit, 'intercept' | 'coefficients'>,
  columns: readonly string[] = [],
): void {
  const output = freeName('prediction', columns)
  graph.node('Identity', [affine(graph, x, [fit.coefficients], [fit.intercept])], {}, { outputs: [output] })
  graph.output(output, 'double', ['N', 1])
}
