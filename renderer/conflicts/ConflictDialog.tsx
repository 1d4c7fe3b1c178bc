import './conflicts.css'
import { useMemo, useState } from 'react'
import { valueWords } from '../history/place-words.ts'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument, useFile, useWorkbench } from '../shell/workbench-context.ts'
import type { Collision } from '../state/document-store.ts'
import { type ConflictCard, decided, mergeCollision, type Side } from './conflict-cards.ts'

/** What both sides changed, a card each: mine or theirs. The outcome is one edit that can be undone. */
export function ConflictDialog() {
  const collision = useDocument((state) => state.collision)
  return collision && <Decisions collision={collision} />
}

function Decisions({ collision }: { collision: Collision }) {
  const { documents, view, notices } = useWorkbench()
  const ours = useFile((state) => state.document)
  const path = useDocument((state) => state.path) ?? ''
  const catalogue = useCatalogue((state) => state.byType)
  const { merged, cards } = useMemo(() => mergeCollision(ours, collision, catalogue), [ours, collision, catalogue])
  const [sides, setSides] = useState<ReadonlyMap<string, Side>>(new Map())
  const left = cards.filter(({ place }) => !sides.has(place)).length
  const close = () => view.set({ overlay: null })
  const choose = (place: string, side: Side) => setSides((old) => new Map(old).set(place, side))
  const chooseAll = (side: Side) => setSides(new Map(cards.map(({ place }) => [place, side])))
  function apply() {
    const { unmerged, theirs, revision } = collision
    const disk = { document: unmerged ? null : theirs, revision }
    documents.takeFromDisk(messages.edits.merge, decided(merged, sides), disk)
    close()
    notices.say(messages.conflicts.done, { tone: 'ok', topic: 'disk' })
  }
  return (
    <Modal label={messages.conflicts.title} close={close} wide>
      <div className="conflicts">
        <div className="conflicts-head">
          <h2>{messages.conflicts.title}</h2>
          <p className="mute">{messages.conflicts[collision.unmerged ? 'unmerged' : 'intro'](path)}</p>
        </div>
        <div className="conflict-cards">
          {cards.map((card, at) => (
            <Card
              key={card.place}
              card={card}
              side={sides.get(card.place)}
              first={at === 0}
              choose={(side) => choose(card.place, side)}
            />
          ))}
        </div>
        <footer>
          <span className="mute small">{messages.conflicts.keys}</span>
          <span className="spacer" />
          <button type="button" className="button" onClick={close}>
            {messages.conflicts.later}
          </button>
          <button type="button" className="button" onClick={() => chooseAll('mine')}>
            {messages.conflicts.allMine}
          </button>
          <button type="button" className="button" onClick={() => chooseAll('theirs')}>
            {messages.conflicts.allTheirs}
          </button>
          <button type="button" className="button primary" disabled={left > 0} onClick={apply}>
            {left > 0 ? messages.conflicts.left(left) : messages.conflicts.merge}
          </button>
        </footer>
      </div>
    </Modal>
  )
}

interface CardProps {
  readonly card: ConflictCard
  readonly side: Side | undefined
  readonly first: boolean
  readonly choose: (side: Side) => void
}

const sideOfKey: Readonly<Record<string, Side>> = { m: 'mine', t: 'theirs' }

function Card({ card, side, first, choose }: CardProps) {
  const { place, of, what, reason, base, ours, theirs } = card
  function onKeyDown(event: React.KeyboardEvent<HTMLFieldSetElement>) {
    const wanted = sideOfKey[event.key.toLowerCase()]
    if (!wanted) return
    event.preventDefault()
    choose(wanted)
    const next = event.currentTarget.nextElementSibling?.querySelector('input')
    if (next) next.focus()
    else event.currentTarget.querySelector<HTMLElement>(`input[value="${wanted}"]`)?.focus()
  }
  return (
    <fieldset className="conflict-card" data-place={place} onKeyDown={onKeyDown}>
      <legend>
        <b>{of}</b> {what && <span className="mute">{what}</span>}
      </legend>
      {messages.conflicts.reasons[reason] && <p className="small">{messages.conflicts.reasons[reason]}</p>}
      <div className="conflict-sides">
        {(['mine', 'theirs'] as const).map((one, at) => (
          <label key={one} data-chosen={side === one || undefined}>
            <input
              type="radio"
              name={place}
              value={one}
              checked={side === one}
              // biome-ignore lint/a11y/noAutofocus: the dialog was just opened to decide
              autoFocus={first && at === 0}
              onChange={() => choose(one)}
            />
            <span className="mute small">{messages.conflicts[one]}</span>
            <b className="conflict-value">{valueWords(one === 'mine' ? ours : theirs)}</b>
          </label>
        ))}
      </div>
      <p className="mute small">
        {messages.conflicts.before}: {valueWords(base)}
      </p>
    </fieldset>
  )
}
