import type { NodeCard, PortType } from '#contract'
import { fuzzyScore } from './fuzzy.ts'

/** Cards that answer a query, best first: over title, keywords, type, and last the words of the doc. */
export function findNodes(
  cards: readonly NodeCard[],
  query: string,
  habit: (type: string) => number = () => 0,
): readonly NodeCard[] {
  return cards
    .map((card) => ({ card, score: cardScore(card, query) }))
    .filter(({ score }) => score > 0)
    .map(({ card, score }) => ({ card, score: score + Math.min(8, habit(card.type)) }))
    .sort((a, b) => b.score - a.score)
    .map(({ card }) => card)
}

function cardScore(card: NodeCard, query: string): number {
  const wanted = query.trim().toLowerCase()
  return Math.max(
    fuzzyScore(query, card.title),
    0.8 * fuzzyScore(query, card.type),
    ...card.keywords.map((keyword) => 0.85 * fuzzyScore(query, keyword)),
    wanted.length >= 4 && card.doc.toLowerCase().includes(wanted) ? 20 : 0,
  )
}

/** Whether a node has a port for a loose wire of this type: an input for one that comes from an output. */
export function takesWire(card: NodeCard, side: 'from' | 'to', type: PortType): boolean {
  return Object.values(side === 'from' ? card.inputs : card.outputs).some((port) => port.type === type)
}
