import type { KeyboardEvent } from 'react'
import type { QueuedCase } from '#contract'
import { moment } from './CaseCard.tsx'
import { causeWords, spokenAnswer } from './case-words.ts'
import { queueMessages as words } from './queue-messages.ts'

export interface CaseListProps {
  readonly cases: readonly QueuedCase[]
  readonly taken: string | undefined
  /** What others work on is theirs. */
  readonly who: string
  onTake(id: string): void
}

export const isOver = ({ state }: QueuedCase) => state === 'decided' || state === 'in-force'

/** Arrows go from case to case, Enter takes one. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
  if (step === undefined) return
  const buttons = [...event.currentTarget.querySelectorAll<HTMLElement>('button:not(:disabled)')]
  const place = buttons.indexOf(document.activeElement as HTMLElement)
  const next = buttons[(place + step + buttons.length) % buttons.length]
  if (!next) return
  next.focus()
  event.preventDefault()
}

/** Cases that wait, the most urgent first, then what was decided last. */
export function CaseList({ cases, taken, who, onTake }: CaseListProps) {
  const waiting = cases.filter((one) => !isOver(one))
  const over = cases.filter(isOver)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys go from button to button within
    <div className="queue-list" data-queue-list onKeyDown={walk}>
      <section className="card" aria-label={words.list}>
        <h2 className="card-title">{words.list}</h2>
        <ul>
          {waiting.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                aria-pressed={one.id === taken}
                disabled={one.holder !== undefined && one.holder !== who}
                onClick={() => onTake(one.id)}
              >
                <b>{one.id.slice(0, 8)}</b> <span>{one.why.map(causeWords).join(', ')}</span>
                <small className="mute">
                  {one.holder === undefined ? words.states[one.state] : words.heldBy(one.holder)} ·{' '}
                  {moment(one.takesForceAt ?? one.dueAt ?? one.queuedAt)}
                </small>
              </button>
            </li>
          ))}
        </ul>
      </section>
      {over.length > 0 && (
        <section className="card" aria-label={words.over}>
          <h2 className="card-title">{words.over}</h2>
          <ul>
            {over.slice(0, 20).map((one) => (
              <li key={one.id} className="queue-over">
                <b>{one.id.slice(0, 8)}</b> <span>{endWords(one)}</span>
                {one.note && <small className="mute">{one.note}</small>}
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

const endWords = ({ decision = '', by }: QueuedCase) =>
  by === undefined ? words.inForce(spokenAnswer(decision)) : words.decided(spokenAnswer(decision), by)
