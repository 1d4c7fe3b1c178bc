import { useMemo } from 'react'
import { type ExpandedDocument, expandGroups } from '#graph/groups/expand-groups'
import { useCatalogue, useFile } from '../shell/workbench-context.ts'

/** The open file with what is inside its groups in their place; a node inside is titled "Group › Node". */
export function useExpanded(): ExpandedDocument {
  const document = useFile((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  return useMemo(() => expandGroups(document, (type) => cards.get(type)?.title), [document, cards])
}
