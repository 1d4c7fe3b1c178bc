import './palette.css'
import { useMemo, useRef, useState } from 'react'
import type { NodeCard } from '#contract'
import { draggedNodeType } from '../canvas/dragged-node.ts'
import { PortShape } from '../canvas/PortShape.tsx'
import { freePlace, insertNode } from '../commands/acts/insert-node.ts'
import { CustomNodesNote } from '../custom-nodes/CustomNodesNote.tsx'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useWorkbench } from '../shell/workbench-context.ts'
import { families, mainPort } from '../state/catalogue-store.ts'
import { findNodes } from './find-nodes.ts'
import { rememberAdded } from './habits.ts'

/** All nodes by family; a click adds one in the middle of the canvas, a drag where it is dropped. */
export function NodePalette() {
  const cards = useCatalogue((state) => state.cards)
  const [query, setQuery] = useState('')
  const list = useRef<HTMLDivElement>(null)
  const groups = useMemo(
    () =>
      query.trim() === ''
        ? families(cards).map(({ name, cards: members }) => ({ name: messages.families[name] ?? name, members }))
        : [{ name: '', members: findNodes(cards, query) }],
    [cards, query],
  )
  const none = groups.every((group) => group.members.length === 0)
  return (
    <nav className="palette" aria-label={messages.palette.label}>
      <div className="palette-search">
        <input
          type="search"
          className="field"
          placeholder={messages.palette.search}
          aria-label={messages.palette.search}
          value={query}
          onChange={(event) => setQuery(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') setQuery('')
            if (event.key === 'ArrowDown' || event.key === 'Enter') list.current?.querySelector('button')?.focus()
          }}
        />
        <kbd>/</kbd>
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys go through the buttons inside */}
      <div className="palette-list" ref={list} onKeyDown={walk}>
        {query.trim() === '' && <CustomNodesNote at="top" />}
        {groups.map(({ name, members }) => (
          <section key={name} aria-label={name || messages.palette.label}>
            {name !== '' && <h2>{name}</h2>}
            {members.map((card) => (
              <PaletteItem key={card.type} card={card} />
            ))}
          </section>
        ))}
        {query.trim() === '' && <CustomNodesNote at="bottom" />}
        {none && cards.length > 0 && <p className="mute">{messages.palette.none(query)}</p>}
      </div>
    </nav>
  )
}

function walk(event: React.KeyboardEvent<HTMLDivElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  if (step === 0) return
  event.preventDefault()
  event.stopPropagation()
  const buttons = [...event.currentTarget.querySelectorAll('button')]
  buttons[buttons.indexOf(event.target as HTMLButtonElement) + step]?.focus()
}

function PaletteItem({ card }: { card: NodeCard }) {
  const workbench = useWorkbench()
  function add() {
    const id = insertNode(workbench, card.type, freePlace(workbench, workbench.canvas.current?.center() ?? [0, 0]))
    rememberAdded(card.type)
    if (id !== undefined) requestAnimationFrame(() => workbench.canvas.current?.reveal(id))
  }
  return (
    <button
      type="button"
      className="palette-item"
      data-type={card.type}
      title={firstLine(card.doc)}
      draggable
      onClick={add}
      onDragStart={(event) => {
        event.dataTransfer.setData(draggedNodeType, card.type)
        event.dataTransfer.effectAllowed = 'copy'
        rememberAdded(card.type)
      }}
    >
      <PortShape type={mainPort(card)} />
      {card.title}
    </button>
  )
}

function firstLine(doc: string): string {
  return doc.split('\n')[0]!.replace(/[*_`]/g, '')
}
