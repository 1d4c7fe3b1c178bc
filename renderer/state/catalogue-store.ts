import { createStore } from 'zustand/vanilla'
import type { NodeCard, PortType } from '#contract'

export interface CatalogueState {
  readonly cards: readonly NodeCard[]
  readonly byType: ReadonlyMap<string, NodeCard>
}

export interface Family {
  readonly name: string
  readonly cards: readonly NodeCard[]
}

export type CatalogueStore = ReturnType<typeof createCatalogueStore>

export function createCatalogueStore(cards: readonly NodeCard[] = []) {
  const store = createStore<CatalogueState>(() => indexed(cards))
  return { ...store, fill: (filled: readonly NodeCard[]) => store.setState(indexed(filled)) }
}

function indexed(cards: readonly NodeCard[]): CatalogueState {
  return { cards, byType: new Map(cards.map((card) => [card.type, card])) }
}

/** The order in which work flows; families that are not named here come last. */
const familyOrder = [
  'data',
  'prepare',
  'train',
  'optimise',
  'assess',
  'fairness',
  'explain',
  'release',
  'monitor',
  'flow',
]

export function familyOf(type: string): string {
  return type.slice(0, type.indexOf('/'))
}

export function families(cards: readonly NodeCard[]): readonly Family[] {
  const rank = (name: string) => (familyOrder.includes(name) ? familyOrder.indexOf(name) : familyOrder.length)
  const names = [...new Set(cards.map((card) => familyOf(card.type)))]
  return names
    .sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    .map((name) => ({ name, cards: cards.filter((card) => familyOf(card.type) === name) }))
}

/** The port type that gives a node its colour and glyph: its first output's, else its first input's. */
export function mainPort(card: NodeCard | undefined): PortType {
  const port = Object.values(card?.outputs ?? {})[0] ?? Object.values(card?.inputs ?? {})[0]
  return port?.type ?? 'table'
}
