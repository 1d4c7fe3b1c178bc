import type { Graph } from '../onnx/graph-builder.ts'
import { doubleType } from './block.ts'
import { blockOf } from './blocks.ts'
import { emitScaling } from './emit-scaling.ts'
import { emitNeighbours } from './impute-neighbours.ts'
import { blockSteps, indicatorSteps, type NumberStep, numberSteps, type Preparation } from './preparation-steps.ts'
import { emitQuantileCurve } from './quantile-curve.ts'
import { emitYeoJohnson } from './yeo-johnson.ts'

/** Columns with an estimate by neighbours or a curve one by one; the others are as wide as they are. */
function emitSpecial(graph: Graph, preparation: Preparation, steps: readonly NumberStep[], filled: string): string {
  if (!steps.some(({ neighbours, curve }) => neighbours || curve)) return filled
  const estimates = preparation.neighbours ? emitNeighbours(graph, preparation.neighbours) : new Map<string, string>()
  const columns = steps.map(({ name, neighbours, curve }, place) => {
    let x = graph.apply('Gather', [filled, graph.constant('int64', [1], [place])], { axis: { int: 1 } })
    const estimate = neighbours && estimates.get(name)
    if (estimate) {
      const raw = graph.input(name, 'double', ['N', 1])
      const there = graph.apply('Not', [graph.apply('Or', [graph.apply('IsNaN', [raw]), graph.apply('IsInf', [raw])])])
      const keep = graph.apply('Or', [there, graph.apply('IsNaN', [estimate])])
      x = graph.apply('Where', [keep, x, estimate])
    }
    if (!curve) return x
    return curve.kind === 'quantile' ? emitQuantileCurve(graph, x, curve) : emitYeoJohnson(graph, x, curve)
  })
  return graph.apply('Concat', columns, { axis: { int: 1 } })
}

/** Numbers side by side: imputed, scaled, and the indicators of those that have one. */
function emitNumbers(graph: Graph, preparation: Preparation): string[] {
  const steps = numberSteps(preparation)
  if (steps.length === 0) return []
  const vector = (values: readonly number[]) => graph.constant('double', [1, values.length], Float64Array.from(values))
  const raw = graph.apply(
    'Concat',
    steps.map(({ name }) => graph.input(name, 'double', ['N', 1])),
    { axis: { int: 1 } },
  )
  const missing = graph.apply('Or', [graph.apply('IsNaN', [raw]), graph.apply('IsInf', [raw])])
  const filled = graph.apply('Where', [missing, vector(steps.map(({ fill, kept }) => (kept ? Number.NaN : fill))), raw])
  const curved = emitSpecial(graph, preparation, steps, filled)
  const parts = [emitScaling(graph, curved, steps)]
  const indicated = indicatorSteps(preparation).map((step) => steps.indexOf(step))
  if (indicated.length > 0) {
    const picked = graph.apply('Gather', [missing, graph.constant('int64', [indicated.length], indicated)], {
      axis: { int: 1 },
    })
    parts.push(graph.apply('Cast', [picked], { to: { int: doubleType } }))
  }
  return parts
}

/** Adds the raw columns as inputs `[N, 1]` and gives the name of the prepared matrix, `[N, width]` in double. */
export function emitPreparation(graph: Graph, preparation: Preparation): string {
  const numbers = emitNumbers(graph, preparation)
  const parts = [...numbers, ...blockSteps(preparation).flatMap((step) => blockOf(step).emit(graph))]
  return parts.length === 1 ? parts[0]! : graph.apply('Concat', parts, { axis: { int: 1 } })
}
