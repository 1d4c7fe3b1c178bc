import { formatShortDate, formatTime } from '#report/format-time'

/** Entries of an audit trail, each with its time. */
export function EventItems({ events }: { readonly events: readonly { readonly at: string; readonly text: string }[] }) {
  return events.map(({ at, text }) => (
    <li key={`${at} ${text}`}>
      <span className="mute">
        {formatShortDate(at)}, {formatTime(at)}
      </span>{' '}
      {text}
    </li>
  ))
}
