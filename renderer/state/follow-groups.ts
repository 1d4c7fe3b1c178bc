import type { NodeCard } from '#contract'
import { groupCards, portNodeCards } from '#graph/groups/group-cards'
import { groupOfType } from '#graph/groups/group-ids'
import { groupsInside } from '#graph/groups/group-of-node'
import { groupAt } from '#graph/groups/levels'
import type { CatalogueStore } from './catalogue-store.ts'
import type { DocumentStore } from './document-store.ts'
import type { LevelStore } from './level-store.ts'

/** Keeps the open file's groups in the catalogue; inside a group, ports too, but no group that would hold itself. */
export function followGroups(
  catalogue: CatalogueStore,
  cards: readonly NodeCard[],
  file: DocumentStore,
  level: LevelStore,
): CatalogueStore {
  let types = cards
  function fill() {
    const { document } = file.getState()
    const { groups } = document
    const here = groupAt(document, level.getState().path)
    const circular = (type: string) => {
      const name = groupOfType(type)
      return here !== undefined && name !== undefined && (name === here || groupsInside(groups, name).has(here))
    }
    const own = groupCards(groups, types).filter(({ type }) => !circular(type))
    catalogue.fill([...types, ...own, ...(here === undefined ? [] : portNodeCards)])
  }
  file.subscribe((now, before) => now.document.groups !== before.document.groups && fill())
  level.subscribe(fill)
  return {
    ...catalogue,
    fill(filled: readonly NodeCard[]) {
      types = filled
      fill()
    },
  }
}
