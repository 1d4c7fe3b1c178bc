import type { Column } from '#contract'
import { freeName } from '../linear/emit-linear.ts'
import { createGraph, type Graph } from '../onnx/graph-builder.ts'
import type { BoundRule } from './bind-rule.ts'
import type { Operator } from './parse-rule.ts'

const isText = ({ type }: Pick<Column, 'type'>) => type === 'text' || type === 'image'

/** Number of the element type double in ONNX. */
const double = 11

/** A graph with an input a raw column. */
interface RuleGraph {
  readonly graph: Graph
  readonly columns: ReadonlyMap<string, string>
}

function startGraph(name: string, features: readonly Column[]): RuleGraph {
  const graph = createGraph(name)
  const columns = features.map(({ name, type, image }) => {
    if (image) return [name, graph.input(name, 'uint8', ['N', image.height, image.width, image.channels])] as const
    return [name, graph.input(name, isText({ type }) ? 'string' : 'double', ['N', 1])] as const
  })
  return { graph, columns: new Map(columns) }
}

const namesOf = (features: readonly Column[]) => features.map(({ name }) => name)

const apply = (graph: Graph, operator: string, ...inputs: string[]) => graph.node(operator, inputs)[0]!

/** The same answer for every row, as an ONNX file; the first feature tells how many rows there are. */
export function emitConstant(
  features: readonly Column[],
  output: 'scores' | 'prediction',
  values: readonly number[],
): Uint8Array {
  const { graph, columns } = startGraph('baseline', features)
  const name = freeName(output, namesOf(features))
  const first = columns.get(features[0]!.name)!
  const [rows] = graph.node('Shape', [first], { end: { int: 1 } })
  const width = graph.constant('int64', [1], [values.length])
  const [size] = graph.node('Concat', [rows!, width], { axis: { int: 0 } })
  graph.node('Expand', [graph.constant('double', [1, values.length], values), size!], {}, { outputs: [name] })
  graph.output(name, 'double', ['N', values.length])
  return graph.encode()
}

/** A rule on raw columns as an ONNX file: class `positive` of two has probability 1 where the rule holds, else 0. */
export function emitRule(features: readonly Column[], rule: BoundRule, positive: number): Uint8Array {
  const started = startGraph('rule', features)
  const { graph } = started
  const name = freeName('scores', namesOf(features))
  const [holds] = graph.node('Cast', [emitCondition(started, rule)], { to: { int: double } })
  const other = apply(graph, 'Sub', graph.constant('double', [1, 1], [1]), holds!)
  const sides = positive === 1 ? [other, holds!] : [holds!, other]
  graph.node('Concat', sides, { axis: { int: 1 } }, { outputs: [name] })
  graph.output(name, 'double', ['N', 2])
  return graph.encode()
}

function emitCondition(started: RuleGraph, rule: BoundRule): string {
  const { graph, columns } = started
  switch (rule.kind) {
    case 'and':
    case 'or':
      return rule.parts
        .map((part) => emitCondition(started, part))
        .reduce((all, part) => apply(graph, rule.kind === 'and' ? 'And' : 'Or', all, part))
    case 'missing': {
      const missing = emitMissing(graph, columns.get(rule.column.name)!, isText(rule.column))
      return rule.missing ? missing : apply(graph, 'Not', missing)
    }
    case 'number':
      return emitComparison(
        graph,
        columns.get(rule.column)!,
        rule.operator,
        graph.constant('double', [1, 1], [rule.value]),
      )
    case 'text': {
      const column = columns.get(rule.column)!
      const equal = apply(graph, 'Equal', column, graph.constant('string', [1, 1], [rule.value]))
      const present = apply(graph, 'Not', emitMissing(graph, column, true))
      return apply(graph, 'And', present, rule.operator === '=' ? equal : apply(graph, 'Not', equal))
    }
  }
}

const emitMissing = (graph: Graph, column: string, text: boolean) =>
  text ? apply(graph, 'Equal', column, graph.constant('string', [1, 1], [''])) : apply(graph, 'IsNaN', column)

/** Comparisons with NaN are false in ONNX too; `!=` is less or greater, so that it stays false there. */
function emitComparison(graph: Graph, column: string, operator: Operator, value: string): string {
  const names: Readonly<Record<Exclude<Operator, '!='>, string>> = {
    '=': 'Equal',
    '<': 'Less',
    '<=': 'LessOrEqual',
    '>': 'Greater',
    '>=': 'GreaterOrEqual',
  }
  if (operator !== '!=') return apply(graph, names[operator], column, value)
  return apply(graph, 'Or', apply(graph, 'Less', column, value), apply(graph, 'Greater', column, value))
}
