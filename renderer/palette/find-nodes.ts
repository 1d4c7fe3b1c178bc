import type { NodeCard, PipelineDocument, PortType } from '#contract'
import { fuzzyScore } from './fuzzy.ts'

/** Cards that answer a query, best first: over title, keywords, type, and last the words of the doc. `favour` decides between like ones. */
export function findNodes(
  cards: readonly NodeCard[],
  query: string,
  favour: (card: NodeCard) => number = () => 0,
): readonly NodeCard[] {
  return cards
    .map((card) => ({ card, score: cardScore(card, query) }))
    .filter(({ score }) => score > 0)
    .map(({ card, score }) => ({ card, score: score + favour(card) }))
    .sort((a, b) => b.score - a.score)
    .map(({ card }) => card)
}

function cardScore(card: NodeCard, query: string): number {
  return Math.max(
    fuzzyScore(query, card.title),
    0.8 * fuzzyScore(query, card.type),
    ...card.keywords.map((keyword) => 0.85 * fuzzyScore(query, keyword)),
    inDoc(card, query) ? 20 : 0,
  )
}

/** Each word of the query begins one of the doc. */
function inDoc({ title, keywords, doc }: NodeCard, query: string): boolean {
  const wanted = query.toLowerCase().split(/[^\p{L}\p{N}]+/u)
  const words = [title, ...keywords, doc]
    .join(' ')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
  return wanted.some((part) => part.length >= 4) && wanted.every((part) => words.some((word) => word.startsWith(part)))
}

/**
 * Whether a node goes on from where one is: it takes something that the selected node gives, or else all it needs is given by
 * nodes that are there; in an empty pipeline, it needs nothing.
 */
export function goesOn(
  card: NodeCard,
  { nodes }: Pick<PipelineDocument, 'nodes'>,
  cards: ReadonlyMap<string, NodeCard>,
  selected: string | null,
): boolean {
  const givenBy = (type: string) => Object.values(cards.get(type)?.outputs ?? {}).map((port) => port.type)
  const inputs = Object.values(card.inputs)
  if (selected !== null) {
    const given = givenBy(nodes[selected]?.type ?? '')
    return inputs.some(({ type }) => given.includes(type))
  }
  const given = new Set(Object.values(nodes).flatMap(({ type }) => givenBy(type)))
  const needed = inputs.filter(({ optional }) => !optional)
  return needed.every(({ type }) => given.has(type)) && (given.size === 0 || needed.length > 0)
}

/** Whether a node has a port for a loose wire of this type: an input for one that comes from an output. */
export function takesWire(card: NodeCard, side: 'from' | 'to', type: PortType): boolean {
  return Object.values(side === 'from' ? card.inputs : card.outputs).some((port) => port.type === type)
}
