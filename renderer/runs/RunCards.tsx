import { useState } from 'react'
import type { Engine, RunDetail } from '#contract'
import { formatBytes } from '#report/format-number'
import { formatDate, formatDuration, formatTime } from '#report/format-time'
import { ReportView } from '../report/ReportView.tsx'
import { valueText } from './comparison-rows.ts'
import { ProblemNote } from './ProblemNote.tsx'
import { ReviewList } from './ReviewList.tsx'
import { RunActions } from './RunActions.tsx'
import { runsMessages as words } from './runs-messages.ts'
import { Sign } from './Sign.tsx'
import { StepList } from './StepList.tsx'
import type { SaveFile } from './save-report.ts'
import { runSigns, shortId } from './status-signs.ts'
import { reportStep } from './step-times.ts'
import { useAnswer } from './use-answer.ts'

interface RunCardsProps {
  readonly engine: Engine
  readonly run: RunDetail
  readonly saveFile: SaveFile | undefined
  onLineage?: ((of: string) => void) | undefined
}

function StepResult({
  engine,
  run,
  node,
}: {
  readonly engine: Engine
  readonly run: RunDetail
  readonly node: string
}) {
  const { value, problems, loading } = useAnswer(() => engine.report({ run: run.id, node }), [engine, run.id, node])
  const title = run.steps.find((step) => step.node === node)?.title ?? node
  return (
    <section className="card runs-card" aria-label={words.resultOf(title)}>
      <header>
        <h2 className="card-title">{title}</h2>
        <span className="mute">{words.result}</span>
      </header>
      <ProblemNote problems={problems} />
      {loading && !value && <p className="mute">{words.reading}</p>}
      {value && value.length > 0 && <ReportView key={node} blocks={value} />}
      {value?.length === 0 && <p className="mute">{words.noResult}</p>}
    </section>
  )
}

function Records({ run }: { readonly run: RunDetail }) {
  const environment = Object.entries(run.environment)
  return (
    <section className="card runs-card" aria-label={words.records}>
      {run.reviews.length > 0 && (
        <>
          <header>
            <h2 className="card-title">{words.reviews}</h2>
          </header>
          <ReviewList reviews={run.reviews} />
        </>
      )}
      <header>
        <h2 className="card-title">{words.madeWith}</h2>
      </header>
      <dl className="runs-facts">
        {environment.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{name === 'memory' && typeof value === 'number' ? formatBytes(value) : valueText(value)}</dd>
          </div>
        ))}
      </dl>
      <header>
        <h2 className="card-title">{words.log}</h2>
      </header>
      {run.logs.length === 0 && <p className="mute">{words.noLog}</p>}
      <ol className="runs-log">
        {run.logs.map((line, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a log only grows at its end
          <li key={i}>
            <time className="mute">{formatTime(line.at)}</time> {line.node && <b>{line.node}</b>}{' '}
            <span className={line.level === 'warning' ? 'stale' : ''}>{line.message}</span>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** One run in three cards: its steps, a step's result, and what was recorded about it. */
export function RunCards({ engine, run, saveFile, onLineage }: RunCardsProps) {
  const [picked, setPicked] = useState<string>()
  const node = picked ?? reportStep(run.steps)?.node ?? run.steps.at(-1)?.node
  return (
    <div className="runs-low">
      <section className="card runs-card" aria-label={words.run(shortId(run.id))}>
        <header>
          <h2 className="card-title">{words.run(shortId(run.id))}</h2>
          <Sign sign={runSigns[run.status]} />
          <span className="spacer" />
          <small className="mute">
            {formatDate(run.startedAt)}, {formatTime(run.startedAt)} · {formatDuration(run.ms)}
          </small>
        </header>
        <RunActions engine={engine} run={run} saveFile={saveFile} onLineage={onLineage} />
        <StepList run={run} open={node} onOpen={setPicked} />
      </section>
      {node && <StepResult engine={engine} run={run} node={node} />}
      <Records run={run} />
    </div>
  )
}
