import type { Column, Cure, DocumentEdit, JsonValue, NodeCard, PipelineDocument, PortSchema, Problem } from '#contract'

/** What cures are found from. */
export interface CureView {
  readonly document: PipelineDocument
  readonly cards: readonly NodeCard[]
  /** What a check knows of the ports of each node. */
  readonly nodes: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>>
        readonly outputs: Readonly<Record<string, PortSchema>>
      }
    >
  >
  /** Files of the project that could be read, relative to it. */
  readonly files?: readonly string[]
}

/** A problem of a node whose type the catalogue has. */
export interface NodeProblem {
  readonly problem: Problem
  readonly view: CureView
  readonly node: string
  readonly card: NodeCard
  readonly params: Readonly<Record<string, JsonValue>>
}

type Schema = Readonly<Record<string, JsonValue>>

/** The JSON Schema of one parameter. */
export function parameterSchema({ card }: Pick<NodeProblem, 'card'>, name: string): Schema | undefined {
  const { properties } = card.params as { readonly properties?: Readonly<Record<string, Schema>> }
  return properties && Object.hasOwn(properties, name) ? properties[name] : undefined
}

export function parameterTitle(of: Pick<NodeProblem, 'card'>, name: string): string {
  const title = parameterSchema(of, name)?.title
  return typeof title === 'string' ? title : name
}

/** Columns at the input that a parameter picks from. */
export function columnsFor({ view, node, card }: NodeProblem, name: string): readonly Column[] {
  const of = parameterSchema({ card }, name)?.of
  const schema = view.nodes[node]?.inputs[typeof of === 'string' ? of : 'table']
  const schemas = Array.isArray(schema) ? (schema as readonly PortSchema[]) : [schema as PortSchema | undefined]
  return schemas.flatMap((one) => one?.columns ?? [])
}

export function setParameter(node: string, param: string, value: JsonValue, label: string): Cure {
  return { label, edits: [{ do: 'set', node, param, value }] }
}

export function nodeWords({ document, cards }: Pick<CureView, 'document' | 'cards'>, id: string): string {
  const node = document.nodes[id]
  return node?.title ?? cards.find(({ type }) => type === node?.type)?.title ?? id
}

/** A problem that a node told of itself, at the node: edits that name no node are of this one. */
export function placedProblem(problem: Problem, id: string): Problem {
  const placed = (edit: DocumentEdit): DocumentEdit =>
    'node' in edit && edit.node === '' ? ({ ...edit, node: id } as DocumentEdit) : edit
  const cures = problem.cures?.map(({ label, edits }) => ({ label, edits: edits.map(placed) }))
  return { ...problem, node: id, ...(cures && { cures }) }
}
