import type { AnyNode, Column, JsonValue, PipelineDocument, PortSchema, Problem } from '#contract'
import { nodeName, withArticle } from './check-wires.ts'
import { type ColumnReference, columnReferences } from './column-references.ts'
import { describeNode } from './describe-node.ts'
import { nearest } from './nearest.ts'
import { issueProblem } from './parameter-problem.ts'

export interface CheckedParameters {
  /** Parsed parameters with defaults filled in; absent when some do not fit. */
  readonly params?: Record<string, unknown>
  readonly problems: readonly Problem[]
}

/** Parses a node's parameters; every one that does not fit becomes a sentence with its title. */
export function checkParameters(
  document: Pick<PipelineDocument, 'nodes'>,
  id: string,
  definition: AnyNode,
): CheckedParameters {
  const given = document.nodes[id]!.params
  const properties = propertiesOf(definition)
  const called = (name: string) => `"${titleOf(properties[name]) ?? name}" of ${nodeName(document, id)}`
  const unknown = unknownProblems(document, id, given, Object.keys(properties))
  const parsed = definition.params.safeParse(given)
  if (parsed.success) return { params: parsed.data, problems: unknown }
  const problems = parsed.error.issues
    .filter((issue) => issue.code !== 'unrecognized_keys' || issue.path.length > 0)
    .map((issue): Problem => {
      const [first, ...rest] = issue.path.map((part) => (typeof part === 'number' ? part : String(part)))
      const inner = rest.length > 0 ? `Entry ${placeWords(rest)} of ` : ''
      const name = first === undefined ? `A parameter of ${nodeName(document, id)}` : `${inner}${called(String(first))}`
      const path = ['params', ...(first === undefined ? [] : [first, ...rest])]
      return { code: 'parameter-bad', node: id, path, ...issueProblem(issue, name, given) }
    })
  return { problems: [...unknown, ...problems] }
}

function placeWords(path: readonly (string | number)[]): string {
  return path.map((part) => (typeof part === 'number' ? String(part + 1) : `"${part}"`)).join(', ')
}

type Properties = Readonly<Record<string, JsonValue>>

function propertiesOf(definition: AnyNode): Properties {
  const schema = describeNode(definition).params as { readonly properties?: Properties }
  return schema.properties ?? {}
}

function titleOf(property: JsonValue | undefined): string | undefined {
  const title = (property as { readonly title?: JsonValue } | undefined)?.title
  return typeof title === 'string' ? title : undefined
}

function unknownProblems(
  document: Pick<PipelineDocument, 'nodes'>,
  id: string,
  given: Readonly<Record<string, unknown>>,
  known: readonly string[],
): Problem[] {
  return Object.keys(given)
    .filter((name) => !known.includes(name))
    .map((name) => {
      const close = nearest(name, known)
      return {
        code: 'parameter-bad',
        message: `${nodeName(document, id)} has no parameter "${name}".`,
        node: id,
        path: ['params', name],
        fix: close ? `Rename it to "${close}", or remove it.` : 'Remove it.',
      }
    })
}

/** Columns that parameters name but the tables at the inputs do not have, or have in another type. Unknown tables say nothing. */
export function checkColumns(
  document: Pick<PipelineDocument, 'nodes'>,
  id: string,
  definition: AnyNode,
  params: Readonly<Record<string, unknown>>,
  inputs: Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>>,
): Problem[] {
  const references = columnReferences(describeNode(definition).params, params as Record<string, JsonValue>)
  return references.flatMap((reference) => {
    const columns = columnsAt(inputs[reference.of])
    if (!columns) return []
    const problem = columnProblem(reference, columns, nodeName(document, id))
    return problem ? [{ ...problem, node: id, path: ['params', ...reference.path], columns: [reference.name] }] : []
  })
}

function columnsAt(schema: PortSchema | readonly PortSchema[] | undefined): readonly Column[] | undefined {
  if (schema === undefined) return undefined
  const schemas = Array.isArray(schema) ? (schema as readonly PortSchema[]) : [schema as PortSchema]
  if (schemas.length === 0 || schemas.some((one) => one.columns === undefined)) return undefined
  return schemas.flatMap((one) => one.columns!)
}

function columnProblem(
  reference: ColumnReference,
  columns: readonly Column[],
  node: string,
): Pick<Problem, 'code' | 'message' | 'fix'> | undefined {
  const place = `"${reference.title}" of ${node}`
  const column = columns.find((candidate) => candidate.name === reference.name)
  if (!column) {
    const names = columns.map((candidate) => candidate.name)
    const close = nearest(reference.name, names)
    const list = names.slice(0, 12).join(', ') + (names.length > 12 ? ', …' : '')
    return {
      code: 'column-unknown',
      message: `${place} names the column "${reference.name}", which the table at input "${reference.of}" does not have.`,
      fix: close
        ? `Choose the column "${close}".`
        : names.length > 0
          ? `Choose one of its columns: ${list}.`
          : 'Wire a table that has columns.',
    }
  }
  if (!reference.types || reference.types.includes(column.type)) return undefined
  return {
    code: 'column-type',
    message: `${place} names the column "${column.name}", which is ${withArticle(column.type)} column; it takes ${reference.types.join(' or ')}.`,
    fix: `Choose a column of type ${reference.types.join(' or ')}.`,
  }
}
