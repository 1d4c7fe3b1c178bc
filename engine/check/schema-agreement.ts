import type { AnyNode, Column, Evaluation, PortSchema, PortValue } from '#contract'
import type { NodeOutputs } from './node-bench.ts'

/** Where what a node gave differs from what it had announced; empty when both agree. */
export function schemaDisagreements(
  node: AnyNode,
  announced: Readonly<Record<string, PortSchema>>,
  given: NodeOutputs,
): string[] {
  return Object.entries(node.outputs).flatMap(([port, { type }]) => {
    const schema = announced[port]
    const value = given[port]
    if (!schema) return [`${port}: infer announces nothing`]
    if (!value) return [`${port}: run gives nothing`]
    if (value.kind !== type) return [`${port}: run gives a ${value.kind}, not a ${type}`]
    return portDisagreements(schema, value).map((difference) => `${port}: ${difference}`)
  })
}

function portDisagreements(schema: PortSchema, value: PortValue): string[] {
  if (value.kind === 'table') {
    if (!schema.columns) return []
    const rows =
      schema.rows !== undefined && schema.rows !== value.rows ? [`${value.rows} rows, announced ${schema.rows}`] : []
    return [...rows, ...columnDisagreements(schema.columns, value.columns, schema.undecided)]
  }
  if (value.kind === 'evaluation') return unannouncedMetrics(schema.metrics, value)
  if (value.kind !== 'model') return []
  const same = (name: 'purpose' | 'target' | 'classes') =>
    schema[name] === undefined || JSON.stringify(schema[name]) === JSON.stringify(value[name])
      ? []
      : [`${name} ${JSON.stringify(value[name])}, announced ${JSON.stringify(schema[name])}`]
  const features = schema.features ? columnDisagreements(schema.features, value.features) : []
  return [...same('purpose'), ...same('target'), ...same('classes'), ...features]
}

function unannouncedMetrics(announced: readonly string[] | undefined, { metrics }: Evaluation): string[] {
  const told = (name: string) => announced?.some((one) => (one.endsWith('.') ? name.startsWith(one) : name === one))
  return announced
    ? metrics.filter(({ name }) => !told(name)).map(({ name }) => `figure ${name}, which infer does not announce`)
    : []
}

/** Same names in the same order, same types, same roles; a column announced without missing values has none. */
function columnDisagreements(
  announced: readonly Column[],
  given: readonly Column[],
  undecided: readonly string[] = [],
): string[] {
  const names = (columns: readonly Column[]) => columns.map((column) => column.name).join(', ')
  if (names(announced) !== names(given)) return [`columns ${names(given)}, announced ${names(announced)}`]
  return given.flatMap((column, index) => {
    const { type, role, nullable } = announced[index]!
    return [
      ...(column.type === type ? [] : [`${column.name} is ${column.type}, announced ${type}`]),
      ...(column.role === role || (column.role === 'label' && undecided.includes(column.name))
        ? []
        : [`${column.name} has role ${column.role}, announced ${role}`]),
      ...(column.nullable && !nullable ? [`${column.name} has missing values, announced none`] : []),
    ]
  })
}
