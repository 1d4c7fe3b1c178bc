import type { JsonValue, PipelineDocument } from '#contract'
import { wireAt } from '#graph/versions/document-facts'
import { parametersOf } from '../form/parameter.ts'
import { messages } from '../shell/messages.ts'
import type { CatalogueState } from '../state/catalogue-store.ts'
import { nodeTitle } from '../state/judge-wire.ts'

type Cards = CatalogueState['byType']

export interface PlaceWords {
  /** The node, or what else it is of. */
  readonly of: string
  readonly what: string
}

/** Where a fact of a document stands (see `documentFacts`), in the words of the app. */
export function placeWords(place: string, document: PipelineDocument, cards: Cards): PlaceWords {
  const [part, id = '', what, ...name] = place.split('/')
  if (part === 'nodes') {
    const of = nodeTitle(document, cards, id)
    if (what === undefined) return { of, what: messages.inspector.tabs.about }
    if (what !== 'params') return { of, what }
    return { of, what: parameterTitle(document, cards, id, name.join('/')) }
  }
  if (part === 'edges' || part === 'assertions') return { of: wireWords(wireAt(place), document, cards), what: '' }
  if (part === 'layout') return { of: nodeTitle(document, cards, id), what: messages.edits.move }
  return { of: messages.inspector.pipeline, what: place.replace(/^more\//, '').replaceAll('/', ' ') }
}

export function parameterTitle(document: PipelineDocument, cards: Cards, id: string, name: string): string {
  const card = cards.get(document.nodes[id]?.type ?? '')
  return (card && parametersOf(card).find((parameter) => parameter.name === name)?.title) ?? name
}

/** "Split data table → Boosting table". */
export function wireWords(
  { from, to }: { readonly from: string; readonly to: string },
  document: PipelineDocument,
  cards: Cards,
): string {
  const end = (address: string) => {
    const [id = '', port = ''] = address.split('.')
    return `${nodeTitle(document, cards, id)} · ${port}`
  }
  return `${end(from)} → ${end(to)}`
}

/** A value in a line. */
export function valueWords(value: JsonValue): string {
  if (value === null) return messages.conflicts.absent
  if (value === true) return messages.conflicts.there
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > 90 ? `${text.slice(0, 89)}…` : text
}
