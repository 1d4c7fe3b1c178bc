import type { JsonValue } from '#contract'
import type { MergeConflict, MergedDocument } from '#graph/versions/merge-documents'
import { mergeDocuments, takeTheirs } from '#graph/versions/merge-documents'
import { type PlaceWords, placeWords } from '../history/place-words.ts'
import type { CatalogueState } from '../state/catalogue-store.ts'
import type { Collision } from '../state/document-store.ts'

type Cards = CatalogueState['byType']

/** One place that both sides changed, in words, with the value of each. */
export interface ConflictCard extends PlaceWords {
  readonly place: string
  readonly reason: MergeConflict['reason']
  readonly base: JsonValue
  readonly ours: JsonValue
  readonly theirs: JsonValue
}
export type Side = 'mine' | 'theirs'

/** The open document with theirs merged in, and what is left to decide. */
export function mergeCollision(
  ours: Parameters<typeof mergeDocuments>[0]['ours'],
  { base, theirs }: Collision,
  cards: Cards,
): { readonly merged: MergedDocument; readonly cards: readonly ConflictCard[] } {
  const merged = mergeDocuments({ base, ours, theirs }, [...cards.values()])
  const all = { ...base, nodes: { ...base.nodes, ...theirs.nodes, ...ours.nodes } }
  return {
    merged,
    cards: merged.conflicts.map((conflict) => ({ ...conflict, ...placeWords(conflict.place, all, cards) })),
  }
}

/** The merged document as it was decided; a place without a decision stays ours. */
export function decided({ document, conflicts }: MergedDocument, sides: ReadonlyMap<string, Side>) {
  return conflicts
    .filter(({ place }) => sides.get(place) === 'theirs')
    .reduce((merged, conflict) => takeTheirs(merged, conflict), document)
}
