import type {
  Column,
  JsonValue,
  NodeCard,
  NodeTrait,
  PipelineDocument,
  PipelineEdge,
  PortSchema,
  Problem,
} from '#contract'
import { adjacency, portAddress } from '../adjacency.ts'
import type { CheckedDocument } from '../check.ts'

/** A document as the rules see it: what each node does, and what is known of its tables before any run. */
export interface LintView {
  readonly document: PipelineDocument
  readonly cards: readonly NodeCard[]
  readonly nodes: readonly LintNode[]
  /** What a check found. */
  readonly problems: readonly Problem[]
  node(id: string): LintNode | undefined
  /** Wires into a node's port. */
  into(node: string, port?: string): readonly PipelineEdge[]
  /** Wires out of a node's port. */
  outOf(node: string, port?: string): readonly PipelineEdge[]
  /** Every node before this one. */
  upstream(node: string): ReadonlySet<string>
  /** A type of the catalogue by what it does. */
  typeOf(trait: NodeTrait): NodeCard | undefined
}

export interface LintNode {
  readonly id: string
  readonly title: string
  readonly card: NodeCard
  /** Defaults filled in. */
  readonly params: Readonly<Record<string, JsonValue>>
  /** Learns from the rows at its input: gives a model of a table. */
  readonly fits: boolean
  /** Predicts something itself, as against preparing columns. */
  readonly predicts: boolean
  /** Judges a model on a table. */
  readonly judges: boolean
  /** Columns at the input `table`; undefined while they are not known. */
  readonly columns: readonly Column[] | undefined
}

export function lintView(document: PipelineDocument, cards: readonly NodeCard[], checked: CheckedDocument): LintView {
  const byType = new Map(cards.map((card) => [card.type, card]))
  const graph = adjacency(document)
  const nodes = Object.keys(document.nodes)
    .sort()
    .flatMap((id) => {
      const card = byType.get(document.nodes[id]!.type)
      return card ? [lintNode(document, id, card, checked)] : []
    })
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const touching = (end: 'from' | 'to', node: string, port: string | undefined) =>
    document.edges.filter((edge) => {
      const at = portAddress(edge[end])
      return at.node === node && (port === undefined || at.port === port)
    })
  return {
    document,
    cards,
    nodes,
    problems: checked.problems,
    node: (id) => byId.get(id),
    into: (node, port) => touching('to', node, port),
    outOf: (node, port) => touching('from', node, port),
    upstream(node) {
      const seen = new Set<string>()
      const open = [...(graph.before.get(node) ?? [])]
      for (let id = open.pop(); id !== undefined; id = open.pop()) {
        if (seen.has(id)) continue
        seen.add(id)
        open.push(...(graph.before.get(id) ?? []))
      }
      return seen
    },
    typeOf: (trait) => cards.find(({ traits }) => traits.includes(trait)),
  }
}

function lintNode(document: PipelineDocument, id: string, card: NodeCard, checked: CheckedDocument): LintNode {
  const { title = card.title, params } = document.nodes[id]!
  const types = (ports: NodeCard['inputs']) => Object.values(ports).map(({ type }) => type)
  const [takes, gives] = [types(card.inputs), types(card.outputs)]
  const known = checked.nodes[id]
  const fits = gives.includes('model') && takes.includes('table')
  const table = known?.inputs.table as PortSchema | undefined
  return {
    id,
    title,
    card,
    params: { ...card.defaults, ...params },
    fits,
    predicts: fits && !('preparation' in card.outputs) && !card.traits.includes('baseline'),
    judges: gives.includes('evaluation') && takes.includes('model') && takes.includes('table'),
    columns: table?.columns,
  }
}

/** Columns a learner at this table would look at. */
export const inputColumns = (columns: readonly Column[] | undefined, target?: JsonValue): readonly Column[] =>
  (columns ?? []).filter(
    ({ name, role }) => (role === undefined || role === 'feature') && (typeof target !== 'string' || name !== target),
  )

/** "a, b and 3 more" */
export function nameSome(names: readonly string[]): string {
  const shown = names.slice(0, 4)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
