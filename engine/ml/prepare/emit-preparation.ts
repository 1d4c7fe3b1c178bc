import type { Graph } from '../onnx/graph-builder.ts'
import {
  indicatorSteps,
  numberSteps,
  type Preparation,
  type TextStep,
  textPlaces,
  textSteps,
} from './preparation-steps.ts'

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
  const filled = graph.apply('Where', [missing, vector(steps.map(({ fill }) => fill)), raw])
  const centered = graph.apply('Sub', [filled, vector(steps.map(({ center }) => center))])
  const parts = [graph.apply('Div', [centered, vector(steps.map(({ scale }) => scale))])]
  const indicated = indicatorSteps(preparation).map((step) => steps.indexOf(step))
  if (indicated.length > 0) {
    const picked = graph.apply('Gather', [missing, graph.constant('int64', [indicated.length], indicated)], {
      axis: { int: 1 },
    })
    parts.push(graph.apply('Cast', [picked], { to: { int: 11 } }))
  }
  return parts
}

/** One-hot columns of a text: its level's place compared with all places. */
function emitText(graph: Graph, step: TextStep): string[] {
  const raw = graph.input(step.name, 'string', ['N', 1])
  const { otherPlace, missingPlace, width } = textPlaces(step)
  if (width === 0) return []
  const attributes = {
    keys_strings: { strings: [...step.levels, ''] },
    values_int64s: { ints: [...step.levels.keys(), missingPlace] },
    default_int64: { int: otherPlace },
  }
  const [place] = graph.node('LabelEncoder', [raw], attributes, { domain: 'ai.onnx.ml' })
  const places = graph.constant(
    'int64',
    [1, width],
    Array.from({ length: width }, (_, index) => index),
  )
  return [graph.apply('Cast', [graph.apply('Equal', [place!, places])], { to: { int: 11 } })]
}

/** Adds the raw columns as inputs `[N, 1]` and gives the name of the prepared matrix, `[N, width]` in double. */
export function emitPreparation(graph: Graph, preparation: Preparation): string {
  const parts = [...emitNumbers(graph, preparation), ...textSteps(preparation).flatMap((step) => emitText(graph, step))]
  return parts.length === 1 ? parts[0]! : graph.apply('Concat', parts, { axis: { int: 1 } })
}
