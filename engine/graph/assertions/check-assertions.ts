import type {
  Assertion,
  Cure,
  NodeCard,
  PipelineDocument,
  PipelineEdge,
  PortSchema,
  PortType,
  Problem,
} from '#contract'
import { portAddress } from '../adjacency.ts'
import { nodeName, withArticle } from '../check-wires.ts'
import { nearest } from '../nearest.ts'
import { tableFigures } from './table-figures.ts'

type Cards = ReadonlyMap<string, Pick<NodeCard, 'outputs'>>
type Outputs = (node: string) => Readonly<Record<string, PortSchema>> | undefined

/** Values that carry named figures. */
const measured: ReadonlySet<PortType> = new Set(['evaluation', 'model', 'monitor'])

/**
 * Assertions that could never hold, whatever flows: about figures, columns or wires that do not fit. They concern the
 * node behind the wire, which would not run. Columns and figures that are not known yet say nothing.
 */
export function checkAssertions(
  document: Pick<PipelineDocument, 'nodes' | 'edges'>,
  cards: Cards,
  outputs: Outputs,
): Problem[] {
  return document.edges.flatMap((edge) => {
    const { assertions = [] } = edge
    if (assertions.length === 0) return []
    const from = portAddress(edge.from)
    const type = cards.get(document.nodes[from.node]?.type ?? '')?.outputs[from.port]?.type
    if (!type) return []
    const schema = outputs(from.node)?.[from.port] ?? {}
    const to = portAddress(edge.to)
    const words = { from: nodeName(document, from.node), to: nodeName(document, to.node) }
    return assertions.flatMap((assertion, index): Problem[] => {
      const found = repeated(assertions, index) ?? faultOf(assertion, type, schema)
      if (!found) return []
      const { better, ...fault } = found
      return [
        {
          ...fault,
          message: `Assertion on the wire from ${words.from} to ${words.to}: ${fault.message}.`,
          ...(assertion.column === undefined ? {} : { columns: [assertion.column] }),
          node: to.node,
          path: ['inputs', to.port, 'assertions', edge.from, index],
          cures: [cureOf(edge, index, fault.fix, better)],
        },
      ]
    })
  })
}

/** The assertion made right where that is clear, else taken away. */
function cureOf({ from, to, assertions = [] }: PipelineEdge, index: number, fix: string, better?: Assertion): Cure {
  const changed = assertions.flatMap((one, at) => (at !== index ? [one] : better ? [better] : []))
  return {
    label: better ? fix.replace(/\.$/, '') : 'Take this assertion away',
    edits: [{ do: 'assert', from, to, assertions: changed }],
  }
}

interface Fault {
  readonly code: Problem['code']
  readonly message: string
  readonly fix: string
  /** What was likely meant. */
  readonly better?: Assertion
}

function repeated(assertions: readonly Assertion[], index: number): Fault | undefined {
  const same = (other: Assertion) => {
    const one = assertions[index]!
    return other.metric === one.metric && other.column === one.column && other.operator === one.operator
  }
  if (!assertions.slice(0, index).some(same)) return undefined
  return {
    code: 'parameter-bad',
    message: `"${assertions[index]!.metric}" is limited twice in the same direction`,
    fix: 'Keep the stricter of the two limits.',
  }
}

function faultOf(assertion: Assertion, type: PortType, schema: PortSchema): Fault | undefined {
  if (type === 'table') return tableFault(assertion, schema)
  if (!measured.has(type))
    return {
      code: 'not-supported',
      message: `${withArticle(type)} has no figures to limit`,
      fix: 'Assert something of a wire that carries a table or an evaluation.',
    }
  if (assertion.column !== undefined)
    return {
      code: 'parameter-bad',
      message: `"${assertion.metric}" is a figure of ${withArticle(type)}, which has no columns`,
      fix: 'Leave the column out.',
      better: withoutColumn(assertion),
    }
  return metricFault(assertion, schema.metrics)
}

function withoutColumn({ column: _, ...rest }: Assertion): Assertion {
  return rest
}

function metricFault(assertion: Assertion, known: readonly string[] | undefined): Fault | undefined {
  const { metric } = assertion
  const fits = known?.some((name) => (name.endsWith('.') ? metric.startsWith(name) : metric === name))
  if (!known || fits) return undefined
  const names = known.filter((name) => !name.endsWith('.'))
  const close = nearest(metric, names)
  const list = known.map((name) => (name.endsWith('.') ? `${name}…` : name)).slice(0, 12)
  return {
    code: 'not-found',
    message: `no figure of this evaluation is called "${metric}"`,
    fix: close ? `Use the figure "${close}".` : `Use a figure such as ${list.join(', ')}.`,
    ...(close && { better: { ...assertion, metric: close } }),
  }
}

function tableFault(assertion: Assertion, { columns }: PortSchema): Fault | undefined {
  const { metric, column } = assertion
  const names = Object.keys(tableFigures)
  const figure = Object.hasOwn(tableFigures, metric) ? tableFigures[metric]! : undefined
  if (!figure) {
    const close = nearest(metric, names)
    return {
      code: 'not-found',
      message: `a table has no figure "${metric}"`,
      fix: close ? `Use the figure "${close}".` : `Use one of ${names.join(', ')}.`,
      ...(close && { better: { ...assertion, metric: close } }),
    }
  }
  if (!figure.of)
    return column === undefined
      ? undefined
      : {
          code: 'parameter-bad',
          message: `"${metric}" is a figure of the whole table, not of the column "${column}"`,
          fix: 'Leave the column out.',
          better: withoutColumn(assertion),
        }
  if (column === undefined)
    return {
      code: 'parameter-bad',
      message: `"${metric}" is a figure of a column, and none is named`,
      fix: 'Name a column.',
    }
  const found = columns?.find(({ name }) => name === column)
  if (columns && !found) {
    const close = nearest(
      column,
      columns.map(({ name }) => name),
    )
    return {
      code: 'column-unknown',
      message: `the table has no column "${column}"`,
      fix: close ? `Choose the column "${close}".` : 'Choose one of its columns.',
      ...(close && { better: { ...assertion, column: close } }),
    }
  }
  if (!found || figure.of.includes(found.type)) return undefined
  return {
    code: 'column-type',
    message: `"${metric}" needs numbers, but "${column}" is ${withArticle(found.type)} column`,
    fix: 'Choose a column of numbers.',
  }
}
