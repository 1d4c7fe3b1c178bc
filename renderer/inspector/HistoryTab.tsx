import type { RunSummary } from '#contract'
import { isWithin } from '#graph/groups/group-ids'
import { wholeId } from '../commands/acts/levels.ts'
import { formatFigure, formatWhen } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { runGlyph, runVerdict } from '../shell/run-verdict.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useDocument, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { currentRun } from '../state/run-store.ts'

const mostRuns = 40

/** Earlier runs of this pipeline with this node's figures. */
export function HistoryTab({ node }: { node: string }) {
  const workbench = useWorkbench()
  const { engine, view } = workbench
  const whole = wholeId(workbench, node)
  const path = useDocument((state) => state.path)
  const status = useRuns((state) => `${state.current} ${currentRun(state)?.status}`)
  const answer = useAnswer(path === null ? null : `${path} ${status}`, () =>
    engine.runs({ file: path ?? '', limit: mostRuns }),
  )
  if (!answer.value) return <p className="mute">{answer.waiting ? messages.loading : messages.inspector.noHistory}</p>
  if (answer.value.length === 0) return <p className="mute">{messages.inspector.noHistory}</p>
  return (
    <ul className="history">
      {answer.value.map((run) => (
        <li key={run.id}>
          <button type="button" onClick={() => view.set({ room: 'runs', openRun: run.id })}>
            <RunLine run={run} node={whole} />
          </button>
        </li>
      ))}
    </ul>
  )
}

function RunLine({ run, node }: { run: RunSummary; node: string }) {
  const verdict = runVerdict(run)
  const metrics = run.metrics.filter((metric) => isWithin(metric.node, node)).slice(0, 3)
  return (
    <>
      <span className={verdict.tone} aria-hidden="true">
        {runGlyph(run)}
      </span>
      <span>
        {formatWhen(run.startedAt)} <span className={verdict.tone}>{verdict.title}</span>
        <small className="mute">
          {metrics
            .map((metric) => `${metric.label} ${metric.value === null ? '–' : formatFigure(metric.value)}`)
            .join(' · ') || messages.start.runId(run.id.slice(0, 8))}
        </small>
      </span>
    </>
  )
}
