import type { KeyboardEvent } from 'react'
import type { RunSummary } from '#contract'
import { formatDuration, formatShortDate, formatTime } from '#report/format-time'
import { MetricCell } from './MetricCell.tsx'
import { metricColumns } from './metric-columns.ts'
import { runsMessages as words } from './runs-messages.ts'
import { Sign } from './Sign.tsx'
import { runSigns, shortId, verdictWords } from './status-signs.ts'

interface RunTableProps {
  readonly runs: readonly RunSummary[]
  readonly open: string | undefined
  /** Ids picked for comparison: A, then B. */
  readonly picked: readonly string[]
  onOpen(run: string): void
  onPick(run: string): void
}

/** Up and down move between runs, as in any list. */
function moveFocus(event: KeyboardEvent<HTMLTableRowElement>): void {
  const row = event.currentTarget
  const next =
    event.key === 'ArrowDown' ? row.nextElementSibling : event.key === 'ArrowUp' ? row.previousElementSibling : null
  const button = next?.querySelector<HTMLButtonElement>('button.run-open')
  if (!button) return
  event.preventDefault()
  button.focus()
}

function pickLabel(picked: readonly string[], run: RunSummary): string {
  const place = picked.indexOf(run.id)
  return place < 0 ? words.pick(shortId(run.id)) : words.picked(shortId(run.id), 'AB'[place]!)
}

export function RunTable({ runs, open, picked, onOpen, onPick }: RunTableProps) {
  const metrics = metricColumns(runs, 3)
  return (
    <div className="runs-scroll">
      <table className="runs-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{words.columns.compare}</span>
            </th>
            <th scope="col">{words.columns.run}</th>
            <th scope="col">{words.columns.pipeline}</th>
            <th scope="col">{words.columns.state}</th>
            <th scope="col">{words.columns.started}</th>
            <th scope="col">{words.columns.took}</th>
            <th scope="col">{words.columns.verdict}</th>
            {metrics.map((metric) => (
              <th key={metric.key} scope="col">
                {metric.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => {
            const place = picked.indexOf(run.id)
            return (
              <tr
                key={run.id}
                className={`${open === run.id ? 'open' : ''}${place >= 0 ? ' picked' : ''}`}
                onClick={() => onOpen(run.id)}
                onKeyDown={moveFocus}
              >
                <td>
                  <button
                    type="button"
                    className={`run-pick${place >= 0 ? ` on ${'ab'[place]}` : ''}`}
                    aria-pressed={place >= 0}
                    aria-label={pickLabel(picked, run)}
                    onClick={(event) => {
                      event.stopPropagation()
                      onPick(run.id)
                    }}
                  >
                    {place >= 0 ? 'AB'[place] : ''}
                  </button>
                </td>
                <td>
                  <button
                    type="button"
                    className="run-open"
                    aria-pressed={open === run.id}
                    title={run.id}
                    onClick={(event) => {
                      event.stopPropagation()
                      onOpen(run.id)
                    }}
                  >
                    {shortId(run.id)}
                  </button>
                </td>
                <td className="run-pipeline" title={run.file}>
                  {run.pipeline}
                  {run.trial && (
                    <span className="mute" title={words.sweep(run.trial.sweep)}>
                      {words.trial(run.trial.number + 1)}
                    </span>
                  )}
                </td>
                <td>
                  <Sign sign={runSigns[run.status]} />
                </td>
                <td className="mute">
                  {formatShortDate(run.startedAt)}, {formatTime(run.startedAt)}
                </td>
                <td className="mute">{formatDuration(run.ms)}</td>
                <td>{run.verdict ? <Sign sign={verdictWords[run.verdict]} /> : <span className="mute">–</span>}</td>
                {metrics.map((metric) => (
                  <td key={metric.key}>
                    <MetricCell estimate={metric.valueOf(run)} extent={metric.extent} />
                  </td>
                ))}
              </tr>
            )
          })}
        </tbody>
      </table>
    </div>
  )
}
