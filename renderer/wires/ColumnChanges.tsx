import { useId } from 'react'
import type { ColumnChange } from '#contract'
import { wireMessages } from '../shell/wire-messages.ts'

const signs = { added: '+', removed: '−', retyped: '≠', role: '≠' } as const
const mostShown = 12

/** What a step did to the columns. */
export function ColumnChanges({ changes }: { changes: readonly ColumnChange[] }) {
  const heading = useId()
  const rest = changes.length - mostShown
  return (
    <section className="wire-part" aria-labelledby={heading}>
      <h3 id={heading}>{wireMessages.schema}</h3>
      {changes.length === 0 && <p className="mute">{wireMessages.schemaSame}</p>}
      <ul className="column-changes">
        {changes.slice(0, mostShown).map(({ name, change, from, to }) => (
          <li key={`${change} ${name}`} data-change={change}>
            <span aria-hidden="true">{signs[change]}</span>
            <b>{name}</b>
            <span className="mute">
              {wireMessages.changes[change]}: {[from, to].filter(Boolean).join(' → ')}
            </span>
          </li>
        ))}
      </ul>
      {rest > 0 && <p className="mute small">{wireMessages.more(rest)}</p>}
    </section>
  )
}
