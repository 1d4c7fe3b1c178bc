import type { SweepTrial } from '#contract'
import { formatNumber } from '#report/format-number'
import { messages } from '../shell/messages.ts'
import { settingWords } from './sweep-chart.ts'
import { sweepMessages } from './sweep-messages.ts'

interface TrialTableProps {
  readonly trials: readonly SweepTrial[]
  readonly names: readonly string[]
  readonly titles: ReadonlyMap<string, string>
  readonly label: string
  readonly best?: number
  readonly picked: number | null
  readonly pick: (trial: number) => void
}

export function TrialTable({ trials, names, titles, label, best, picked, pick }: TrialTableProps) {
  return (
    <section className="sweep-table" aria-label={sweepMessages.table}>
      <table>
        <thead>
          <tr>
            <th scope="col">{sweepMessages.trial}</th>
            {names.map((name) => (
              <th key={name} scope="col" title={name}>
                {titles.get(name) ?? name}
              </th>
            ))}
            <th scope="col" className="number">
              {label}
            </th>
            <th scope="col" className="number">
              {sweepMessages.time}
            </th>
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <tr key={trial.number} data-picked={picked === trial.number || undefined} data-trial={trial.number + 1}>
              <th scope="row">
                <button
                  type="button"
                  className="sweep-pick"
                  aria-pressed={picked === trial.number}
                  onClick={() => pick(trial.number)}
                >
                  {trial.number + 1}
                  {trial.number === best && <span className="ok"> ★ {sweepMessages.best}</span>}
                </button>
              </th>
              {names.map((name) => (
                <td key={name}>{settingWords(trial.settings[name])}</td>
              ))}
              <td className="number">{figureOf(trial)}</td>
              <td className="number mute">{trial.ms === undefined ? '' : messages.duration(trial.ms)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function figureOf({ estimate, status, problem }: SweepTrial) {
  if (typeof estimate?.value === 'number') {
    const { low, high, value } = estimate
    const range = low !== undefined && high !== undefined ? ` (${formatNumber(low, 3)}–${formatNumber(high, 3)})` : ''
    return (
      <>
        {formatNumber(value, 4)}
        <span className="mute">{range}</span>
      </>
    )
  }
  return (
    <span className={status === 'failed' ? 'bad' : 'mute'} title={problem}>
      {sweepMessages.statuses[status]}
    </span>
  )
}
