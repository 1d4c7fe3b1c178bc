import { useMemo, useState } from 'react'
import type { NodeCard } from '#contract'
import { PortShape } from '../canvas/PortShape.tsx'
import { dropOn } from '../commands/acts/insert-between.ts'
import { insertNode } from '../commands/acts/insert-node.ts'
import { selectedNode } from '../commands/acts/selected.ts'
import { ListBox, type ListItem } from '../shell/ListBox.tsx'
import { messages } from '../shell/messages.ts'
import { Popover } from '../shell/Popover.tsx'
import { useCatalogue, useView, useWorkbench } from '../shell/workbench-context.ts'
import { familyOf, mainPort } from '../state/catalogue-store.ts'
import { nodeTitle, outputPort } from '../state/judge-wire.ts'
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
  const { loose, target } = place
  const { document } = workbench.documents.getState()
  const through = target && 'wire' in target ? outputPort(document, byType, target.wire.from)?.type : undefined
  const fitting = useMemo(() => {
    if (through) return cards.filter((card) => takesWire(card, 'from', through) && takesWire(card, 'to', through))
    return loose && !all ? cards.filter((card) => takesWire(card, loose.side, loose.type)) : cards
  }, [cards, loose, all, through])
  const close = () => workbench.view.set({ quickInsert: null })

  function choose(type: string) {
    close()
    const id = target ? dropOn(workbench, type, target) : insertNode(workbench, type, place.flow, loose)
    rememberAdded(type)
    if (id !== undefined) requestAnimationFrame(() => workbench.canvas.current?.focus(id))
  }
  const from = selectedNode(workbench)
  const favour = (card: NodeCard) =>
    Math.min(8, habitOf(card.type)) + (loose || target || goesOn(card, document, byType, from) ? 10 : 0)
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
  const badge = target
    ? 'wire' in target
      ? messages.search.intoWire
      : messages.search.inPlaceOf(nodeTitle(document, byType, target.node))
    : loose && type && !all
      ? messages.search[loose.side === 'from' ? 'takes' : 'gives'](type)
      : undefined
  return (
    <Popover at={place.screen} width={340} label={messages.search.insert} close={close}>
      <ListBox
        label={messages.search.insert}
        items={items}
        choose={choose}
        close={close}
        onTab={() => setAll(true)}
        {...(badge === undefined ? {} : { badge })}
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
