import { Fragment } from 'react'
import type { RunDetail } from '#contract'
import { formatBytes } from '#report/format-number'
import { formatDuration } from '#report/format-time'
import { ProblemNote } from './ProblemNote.tsx'
import { runsMessages as words } from './runs-messages.ts'
import { Sign } from './Sign.tsx'
import { stepSigns } from './status-signs.ts'
import { stepTimes } from './step-times.ts'

interface StepListProps {
  readonly run: RunDetail
  readonly open: string | undefined
  onOpen(node: string): void
}

/** Steps of a run in order: how each stands, how long it took, what it used. A click shows its result. */
export function StepList({ run, open, onOpen }: StepListProps) {
  return (
    <div className="runs-scroll">
      <table className="runs-steps">
        <thead>
          <tr>
            <th scope="col">{words.columns.step}</th>
            <th scope="col">{words.columns.state}</th>
            <th scope="col" colSpan={2}>
              {words.columns.time}
            </th>
            <th scope="col">{words.columns.memory}</th>
          </tr>
        </thead>
        <tbody>
          {stepTimes(run.steps).map(({ step, share }) => (
            <Fragment key={step.node}>
              <tr className={open === step.node ? 'open' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    className="run-open"
                    aria-pressed={open === step.node}
                    onClick={() => onOpen(step.node)}
                  >
                    {step.title ?? step.node}
                  </button>
                  <small className="mute run-type">{step.nodeType}</small>
                </th>
                <td>
                  <Sign sign={stepSigns[step.status]} />
                </td>
                <td className="number">{step.status === 'cached' ? '' : formatDuration(step.ms)}</td>
                <td>
                  <svg width="72" height="8" aria-hidden="true" className="step-bar">
                    <rect width={Math.max(share * 72, share > 0 ? 2 : 0)} height="8" rx="2" />
                  </svg>
                </td>
                <td className="mute number">{step.peakBytes ? formatBytes(step.peakBytes) : ''}</td>
              </tr>
              {step.problems.length > 0 && (
                <tr>
                  <td colSpan={5}>
                    <ProblemNote problems={step.problems} />
                  </td>
                </tr>
              )}
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  )
}
