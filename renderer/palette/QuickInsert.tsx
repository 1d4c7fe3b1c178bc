import { useMemo, useState } from 'react'
import type { NodeCard } from '#contract'
import { PortShape } from '../canvas/PortShape.tsx'
import { insertNode } from '../commands/acts/insert-node.ts'
import { selectedNode } from '../commands/acts/selected.ts'
import { ListBox, type ListItem } from '../shell/ListBox.tsx'
import { messages } from '../shell/messages.ts'
import { Popover } from '../shell/Popover.tsx'
import { useCatalogue, useView, useWorkbench } from '../shell/workbench-context.ts'
import { familyOf, mainPort } from '../state/catalogue-store.ts'
import type { QuickInsert as Place } from '../state/view-store.ts'
import { findNodes, goesOn, takesWire } from './find-nodes.ts'
import { habitOf, rememberAdded } from './habits.ts'

/** The list of nodes that opens on the canvas: all, or those that take the loose wire. */
export function QuickInsert() {
  const place = useView((state) => state.quickInsert)
  return place && <QuickList key={place.screen.join()} place={place} />
}

function QuickList({ place }: { place: Place }) {
  const workbench = useWorkbench()
  const cards = useCatalogue((state) => state.cards)
  const byType = useCatalogue((state) => state.byType)
  const [all, setAll] = useState(false)
  const { loose } = place
  const fitting = useMemo(
    () => (loose && !all ? cards.filter((card) => takesWire(card, loose.side, loose.type)) : cards),
    [cards, loose, all],
  )
  const close = () => workbench.view.set({ quickInsert: null })

  function choose(type: string) {
    close()
    const id = insertNode(workbench, type, place.flow, loose)
    rememberAdded(type)
    if (id !== undefined) requestAnimationFrame(() => workbench.canvas.current?.focus(id))
  }
  const { document } = workbench.documents.getState()
  const from = selectedNode(workbench)
  const favour = (card: NodeCard) =>
    Math.min(8, habitOf(card.type)) + (loose || goesOn(card, document, byType, from) ? 10 : 0)
  const items = (query: string): readonly ListItem[] =>
    findNodes(fitting, query, favour)
      .slice(0, 60)
      .map((card) => ({
        id: card.type,
        title: card.title,
        note: messages.families[familyOf(card.type)] ?? familyOf(card.type),
        icon: <PortShape type={mainPort(card)} />,
      }))
  const hidden = cards.length - fitting.length
  const type = loose && messages.portTypes[loose.type]
  return (
    <Popover at={place.screen} width={340} label={messages.search.insert} close={close}>
      <ListBox
        label={messages.search.insert}
        items={items}
        choose={choose}
        close={close}
        onTab={() => setAll(true)}
        {...(loose && type && !all
          ? { badge: loose.side === 'from' ? messages.search.takes(type) : messages.search.gives(type) }
          : {})}
        foot={
          loose && type && hidden > 0 && !all ? (
            <>
              {messages.search.hidden(hidden, type, loose.side)} <kbd>Tab</kbd> {messages.search.showThem}
            </>
          ) : undefined
        }
      />
    </Popover>
  )
}
