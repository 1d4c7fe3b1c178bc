import { useLayoutEffect, useRef } from 'react'
import type { QueuedCase } from '#contract'
import { formatShortDate, formatTime } from '#report/format-time'
import {
  answerWords,
  causeWords,
  keyOfChoice,
  reasonWords,
  spokenAnswer,
  spokenCell,
  spokenName,
} from './case-words.ts'
import { queueMessages as words } from './queue-messages.ts'

export interface CaseCardProps {
  readonly one: QueuedCase
  readonly note: string
  readonly busy: boolean
  onNote(note: string): void
  onDecide(decision: string | number): void
  onSkip(): void
}

export const moment = (iso: string): string => `${formatShortDate(iso)}, ${formatTime(iso)}`

/** The case a person works on: the row in words, what the model says as far as it may be seen, and the choices. */
export function CaseCard(props: CaseCardProps) {
  const { one } = props
  const heading = useRef<HTMLHeadingElement>(null)
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new case, and each new state of it, is read from its beginning
  useLayoutEffect(() => heading.current?.focus(), [one.id, one.state])
  return (
    <section className="card queue-case" aria-label={words.heading}>
      <h2 ref={heading} tabIndex={-1}>
        {words.caseOf(one.model, one.version)}
      </h2>
      <p className="mute">{one.why.map(causeWords).join(' · ')}</p>
      <Times one={one} />
      <h3>{words.row}</h3>
      <dl className="queue-row">
        {one.row.map(({ name, value }) => (
          <div key={name}>
            <dt>{spokenName(name)}</dt>
            <dd>{spokenCell(value)}</dd>
          </div>
        ))}
      </dl>
      <p className="mute small">{words.protectedHidden}</p>
      <ModelSays one={one} />
      <Choices {...props} />
    </section>
  )
}

function Times({ one }: { readonly one: QueuedCase }) {
  const { dueAt, takesForceAt } = one
  if (takesForceAt) return <p className="stale">◷ {words.force(moment(takesForceAt))}</p>
  if (!dueAt) return null
  const late = Date.parse(dueAt) < Date.now()
  return (
    <p className={late ? 'bad' : 'mute'}>{late ? `✕ ${words.overdue(moment(dueAt))}` : words.due(moment(dueAt))}</p>
  )
}

function ModelSays({ one }: { readonly one: QueuedCase }) {
  const says = answerWords(one)
  if (!says) return <p className="queue-says mute">{one.sight === 'before' ? words.away : words.hidden[one.sight]}</p>
  const reasons = reasonWords(one)
  return (
    <div className="queue-says">
      <p>
        <b>{says}</b>
      </p>
      {one.first !== undefined && (
        <p className={one.first === one.answer?.decision ? 'ok' : 'stale'}>
          {one.first === one.answer?.decision ? `✓ ${words.agreed}` : `◐ ${words.disagreed}`}{' '}
          {words.youSaid(spokenAnswer(one.first))}
        </p>
      )}
      {reasons.length > 0 && <h3>{words.reasons}</h3>}
      <ul className="queue-reasons">
        {reasons.map(({ feature, text, against, share }) => (
          <li key={feature}>
            <span>{text}</span>
            <svg
              className={against ? 'against' : 'towards'}
              viewBox="0 0 100 4"
              preserveAspectRatio="none"
              aria-hidden="true"
            >
              <rect width={share * 100} height="4" />
            </svg>
          </li>
        ))}
      </ul>
      {one.reasons === undefined && !one.answer?.fallback && <p className="mute">{words.reasonsLater}</p>}
      {one.reasons && 'notAvailable' in one.reasons && <p className="mute">{one.reasons.notAvailable}</p>}
    </div>
  )
}

function Choices({ one, note, busy, onNote, onDecide, onSkip }: CaseCardProps) {
  const { choices, target = '' } = one
  return (
    <form
      className="queue-choices"
      onSubmit={(event) => {
        event.preventDefault()
        const number = new FormData(event.currentTarget).get('number')
        if (typeof number === 'string' && number.trim() !== '') onDecide(Number(number))
      }}
    >
      <label>
        {words.note}
        <textarea
          className="field"
          rows={2}
          value={note}
          placeholder={words.notePlaceholder}
          data-queue-note
          onChange={(event) => onNote(event.target.value)}
        />
      </label>
      <div className="runs-actions">
        {choices?.map((choice, place) => (
          <button
            key={choice}
            type="button"
            className={place === 0 ? 'button primary' : 'button'}
            aria-keyshortcuts={keyOfChoice(place)}
            disabled={busy}
            onClick={() => onDecide(choice)}
          >
            {choice} <kbd>{keyOfChoice(place)}</kbd>
          </button>
        ))}
        {!choices && (
          <>
            <input name="number" className="field queue-number" inputMode="decimal" aria-label={words.number(target)} />
            <button type="submit" className="button primary" disabled={busy}>
              {words.decide}
            </button>
          </>
        )}
        {one.first === undefined && (
          <button type="button" className="button" aria-keyshortcuts="S" disabled={busy} onClick={onSkip}>
            {words.skip} <kbd>S</kbd>
          </button>
        )}
      </div>
      <p className="mute small">{words.keys}</p>
    </form>
  )
}
