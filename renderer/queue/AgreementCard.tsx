import type { QueueFigures } from '#contract'
import { formatEstimate, formatInteger } from '#report/format-number'
import { formatDuration } from '#report/format-time'
import { queueMessages as words } from './queue-messages.ts'

/** How people and the model agree, also by protected group. */
export function AgreementCard({ figures }: { readonly figures: QueueFigures }) {
  const { agreement, overridden, revised, medianMs, groups } = figures
  if (!agreement.n)
    return (
      <section className="card queue-figures" aria-label={words.figures}>
        <h2 className="card-title">{words.figures}</h2>
        <p className="mute">{words.noFigures}</p>
      </section>
    )
  const rows = [
    [words.agreement, formatEstimate(agreement, 'percent')],
    [words.overridden, formatEstimate(overridden, 'percent')],
    ...(revised.n ? [[words.revised, formatEstimate(revised, 'percent')]] : []),
    ...(medianMs === undefined ? [] : [[words.median, formatDuration(medianMs)]]),
    [words.cases, formatInteger(agreement.n)],
  ] as const
  return (
    <section className="card queue-figures" aria-label={words.figures}>
      <h2 className="card-title">{words.figures}</h2>
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {groups.map(({ column, groups: own }) => (
        <table key={column} className="runs-compare">
          <caption>{words.byGroup(column)}</caption>
          <thead>
            <tr>
              <th scope="col">{words.group}</th>
              <th scope="col">{words.agreement}</th>
              <th scope="col">{words.cases}</th>
            </tr>
          </thead>
          <tbody>
            {own.map(({ group, agreement: share, small }) => (
              <tr key={group}>
                <th scope="row">{group === '' ? words.notSent : group}</th>
                <td>{formatEstimate(share, 'percent')}</td>
                <td>
                  {formatInteger(share.n)} {small && <span className="stale">◐ {words.few}</span>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      {groups.length > 0 && <p className="mute small">{words.fewDoc}</p>}
    </section>
  )
}
