import type { Rollout, RolloutAction, RolloutArm } from '#contract'
import { formatInteger, formatNumber, formatPercent } from '#report/format-number'
import { EventItems } from './EventItems.tsx'
import { GroupIntervals } from './GroupIntervals.tsx'
import { rolloutMessages as words } from './rollout-messages.ts'
import { numberText, rolloutMoves, shareText } from './rollout-words.ts'

export interface RolloutCardProps {
  readonly rollout: Rollout
  readonly busy: boolean
  onSteer(action: RolloutAction, version?: number): void
}

/** A rollout as it stands: who answers whom, what holds and what does not, and the buttons that move it. */
export function RolloutCard({ rollout, busy, onSteer }: RolloutCardProps) {
  const { strategy, state, champion, challengers, verdict, steps, guards, figures } = rollout
  const title = words.title(words.versions(challengers))
  return (
    <section className="card rollout-card" aria-label={title}>
      <div className="runs-head">
        <h3>{title}</h3>
        <span className="mute">
          {words.strategies[strategy]} {words.beside(champion)}
        </span>
        <span className={`rollout-state rollout-${state}`}>{words.states[state]}</span>
        <Moves rollout={rollout} busy={busy} onSteer={onSteer} />
      </div>
      <p className="rollout-verdict" role="status">
        {verdict}
      </p>
      {steps.length > 0 && <Steps steps={steps} />}
      <Arms rollout={rollout} />
      <p className="mute">{words.limits}</p>
      <GroupIntervals arms={rollout.arms} />
      <div className="rollout-below">
        {guards.length > 0 && (
          <section aria-label={words.guards}>
            <h4>{words.guards}</h4>
            <ul>
              {guards.map(({ name, state: stands, text }) => (
                <li key={name}>
                  <span className={`rollout-guard rollout-${stands}`}>{words.guardStates[stands]}</span> <b>{name}</b>{' '}
                  <span className="mute">{text}</span>
                </li>
              ))}
            </ul>
          </section>
        )}
        {figures.length > 0 && (
          <section aria-label={words.figures}>
            <h4>{words.figures}</h4>
            <dl>
              {figures.map(({ label, estimate }) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{numberText(estimate)}</dd>
                </div>
              ))}
            </dl>
          </section>
        )}
        <section aria-label={words.history}>
          <h4>{words.history}</h4>
          <ul>
            <EventItems events={rollout.history} />
          </ul>
        </section>
      </div>
    </section>
  )
}

function Moves({ rollout, busy, onSteer }: RolloutCardProps) {
  const moves = rolloutMoves(rollout)
  return (
    <div className="runs-actions">
      {moves.pause && (
        <button type="button" className="button" disabled={busy} onClick={() => onSteer('pause')}>
          {words.pause}
        </button>
      )}
      {moves.resume && (
        <button type="button" className="button" disabled={busy} onClick={() => onSteer('resume')}>
          {words.resume}
        </button>
      )}
      {moves.abort && (
        <button
          type="button"
          className="button danger"
          disabled={busy}
          title={words.abortHint(rollout.champion)}
          onClick={() => onSteer('abort')}
        >
          {words.abort}
        </button>
      )}
      {moves.promote.map((version) => (
        <button
          key={version}
          type="button"
          className="button"
          disabled={busy}
          onClick={() => onSteer('promote', version)}
        >
          {words.promote(version)}
        </button>
      ))}
    </div>
  )
}

function Steps({ steps }: Pick<Rollout, 'steps'>) {
  return (
    <ol className="rollout-steps" aria-label={words.steps}>
      {steps.map(({ share, state }) => (
        <li key={share} className={`rollout-step-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
          <b>{share === 1 ? words.production : formatPercent(share)}</b> <span>{words.stepStates[state]}</span>
        </li>
      ))}
    </ol>
  )
}

function Arms({ rollout: { arms, settings } }: { readonly rollout: Rollout }) {
  const chances = arms.some(({ best }) => best !== undefined)
  return (
    <div className="rollout-arms">
      <table className="runs-table" aria-label={words.arms}>
        <thead>
          <tr>
            <th scope="col">{words.columns.version}</th>
            <th scope="col">{words.columns.share}</th>
            <th scope="col">{words.columns.people}</th>
            <th scope="col">{words.columns.favourable}</th>
            <th scope="col">{words.columns.errors}</th>
            <th scope="col">{words.columns.latency}</th>
            <th scope="col">{words.columns.outcomes}</th>
            <th scope="col">{settings.outcome === 'class' ? words.columns.reward : words.columns.mean}</th>
            {chances && <th scope="col">{words.columns.best}</th>}
          </tr>
        </thead>
        <tbody>
          {arms.map((arm) => (
            <tr key={arm.version}>
              <th scope="row">
                v{arm.version} <span className="mute">{words[arm.role]}</span>
              </th>
              <td>{words.of(formatPercent(arm.share))}</td>
              <td>{formatInteger(arm.people)}</td>
              <td>{shareText(arm.favourable)}</td>
              <td>{shareText(arm.errors)}</td>
              <td>{latencyText(arm)}</td>
              <td>{formatInteger(arm.outcomes)}</td>
              <td>{settings.outcome === 'class' ? shareText(arm.reward) : numberText(arm.reward)}</td>
              {chances && <td>{formatPercent(arm.best)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

const latencyText = ({ p95 }: RolloutArm) => (p95 === null ? words.none : words.milliseconds(formatNumber(p95, 1)))
