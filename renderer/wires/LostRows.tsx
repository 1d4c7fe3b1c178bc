import { useId } from 'react'
import type { GroupLoss, WireFacts } from '#contract'
import { formatPercent } from '../shell/format.ts'
import { wireMessages } from '../shell/wire-messages.ts'
import { shareText } from './share-text.ts'

interface LostRowsProps {
  readonly facts: NonNullable<WireFacts['before']>
  /** Of the node the rows come from. */
  readonly title: string
  /** Columns that were asked for besides the protected ones. */
  readonly groups: readonly string[]
  choose(groups: readonly string[]): void
}

/** How many rows a step lost, and who they are. */
export function LostRows({ facts, title, groups, choose }: LostRowsProps) {
  const heading = useId()
  const { match, rows } = facts
  return (
    <section className="wire-part" aria-labelledby={heading}>
      <h3 id={heading}>{wireMessages.since(title)}</h3>
      {!match && <p className="mute">{wireMessages.unmatched}</p>}
      {match && (
        <>
          <p className="lost-line">
            {match.lost === 0 ? (
              <b>{wireMessages.lostNone(rows)}</b>
            ) : (
              <>
                <b>{wireMessages.lost(match.lost, rows)}</b> <span>{shareText(match.share)}</span>
              </>
            )}
            {match.added > 0 && <span className="mute"> · {wireMessages.rowsAdded(match.added)}</span>}
          </p>
          <p className="mute small">{wireMessages.known(match.how, match.by)}</p>
          {facts.groups.map((one) => (
            <GroupTable key={one.column} {...one} all={match.share.value ?? 0} />
          ))}
          {match.lost > 0 && <ColumnChoice facts={facts} groups={groups} choose={choose} />}
        </>
      )}
    </section>
  )
}

function ColumnChoice({ facts, groups, choose }: Pick<LostRowsProps, 'facts' | 'groups' | 'choose'>) {
  const shown = new Set(facts.groups.map(({ column }) => column))
  const others = facts.columns.filter(({ name, type }) => !shown.has(name) && type !== 'image')
  return (
    <select
      className="field lost-choice"
      aria-label={wireMessages.byColumn}
      value=""
      onChange={(event) => choose([...groups, event.target.value])}
    >
      <option value="">{wireMessages.byColumn}…</option>
      {others.map(({ name }) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  )
}

interface GroupTableProps {
  readonly column: string
  readonly protected: boolean
  readonly groups: readonly GroupLoss[]
  /** Lost share of all rows. */
  readonly all: number
}

function GroupTable({ column, protected: guarded, groups, all }: GroupTableProps) {
  const most = Math.max(all, ...groups.map(({ share }) => share.high ?? share.value ?? 0), 1e-9)
  const at = (value: number) => `${Math.min(100, (100 * value) / most)}%`
  return (
    <table className="lost-groups">
      <caption>
        {wireMessages.whoOf(column)}
        {guarded && <span className="mute"> · {wireMessages.protected}</span>}
      </caption>
      <tbody>
        {groups.map(({ group, before, lost, share, against }) => (
          <tr key={group} data-against={against}>
            <th scope="row">{group}</th>
            <td className="lost-bar" aria-hidden="true">
              <i style={{ width: at(share.value ?? 0) }} />
              <s style={{ left: at(share.low ?? 0), width: at((share.high ?? 0) - (share.low ?? 0)) }} />
              <u style={{ left: at(all) }} />
            </td>
            <td className="number" title={intervalTitle(share)}>
              {shareText(share)}
              <small className="mute">
                {lost} / {before}
              </small>
              <span className="visually-hidden">
                {intervalTitle(share)} {wireMessages.against[against]}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function intervalTitle({ low, high }: GroupLoss['share']): string {
  return low === undefined || high === undefined ? '' : wireMessages.interval(formatPercent(low), formatPercent(high))
}
