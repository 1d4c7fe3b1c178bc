import { portOfType } from '#graph/groups/group-ids'
import { groupMessages } from '../groups/group-messages.ts'
import { useNodeMark } from '../history/use-mark.ts'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument } from '../shell/workbench-context.ts'
import { mainPort } from '../state/catalogue-store.ts'
import { useNodeFace } from './use-node-face.ts'

interface SpeckProps {
  readonly id: string
  readonly selected: boolean
  readonly height: number
}

/** A card from so far away that only its place, kind and state can be told. It can be chosen, moved and named all the same. */
export function Speck({ id, selected, height }: SpeckProps) {
  const node = useDocument((state) => state.document.nodes[id])
  const card = useCatalogue((state) => state.byType.get(node?.type ?? ''))
  const { state } = useNodeFace(id)
  const mark = useNodeMark(id)
  if (!node) return null
  const port = portOfType(node.type)
  const title = node.title ?? (port ? id : card?.title) ?? node.type
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no card
    <div
      className="node-card node-speck"
      role="group"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: keys move, open and connect the node
      tabIndex={0}
      aria-label={`${title}, ${port ? groupMessages.port[port.side] : messages.spokenStates[state]}`}
      data-node={id}
      data-state={state}
      data-selected={selected || undefined}
      data-mark={mark}
      data-main={mainPort(card)}
      style={{ height }}
    />
  )
}
