import type { Graph } from '../onnx/graph-builder.ts'

/**
 * ONNX Runtime takes one constant number within 1e-5 of 1, or within 1e-8 of 0, for 1 or 0 and drops the division or
 * subtraction (NoopElimination). Where there is one number alone, these write the same computation in a way it keeps.
 */
const kept = (value: number) => Math.abs(value - 1) > 1e-4 || value === 1

/** x / by, exactly: halves are exact. */
export function emitDivision(graph: Graph, x: string, by: number): string {
  if (kept(by)) return graph.apply('Div', [x, graph.number(by)])
  return graph.apply('Mul', [graph.apply('Div', [x, graph.number(2 * by)]), graph.number(2)])
}

/** (x - center) / scale with one center and scale a column. */
export function emitScaling(
  graph: Graph,
  x: string,
  columns: readonly { readonly center: number; readonly scale: number }[],
): string {
  const vector = (values: readonly number[]) => graph.constant('double', [1, values.length], Float64Array.from(values))
  const [only] = columns
  if (columns.length > 1 || !only || (kept(only.scale) && (only.center === 0 || Math.abs(only.center) > 1e-7))) {
    const centered = graph.apply('Sub', [x, vector(columns.map(({ center }) => center))])
    return graph.apply('Div', [centered, vector(columns.map(({ scale }) => scale))])
  }
  const { center, scale } = only
  if (Math.abs(center) > 1e-7 || center === 0)
    return emitDivision(graph, graph.apply('Sub', [x, graph.number(center)]), scale)
  return graph.apply('Sub', [emitDivision(graph, x, scale), graph.number(center / scale)])
}
