import './start.css'
import { useState } from 'react'
import type { Engine } from '#contract'
import { openPipeline } from '../commands/acts/open-pipeline.ts'
import { createPipeline } from '../commands/create-pipeline.ts'
import { runCommand } from '../commands/run-command.ts'
import { formatWhen } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { runGlyph, runVerdict } from '../shell/run-verdict.ts'
import { useAnswer } from '../shell/use-answer.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import { openedAt } from './recent.ts'
import { StartAside } from './StartAside.tsx'
import { Thumbnail } from './Thumbnail.tsx'

export type ListedPipeline = Awaited<ReturnType<Engine['pipelines']>>[number]

/** What you have, what you could learn from, and how to begin. */
export function StartPage() {
  const { engine, info } = useWorkbench()
  const answer = useAnswer('pipelines', () => engine.pipelines())
  const opened = openedAt(info.project)
  const all = answer.value ?? []
  const at = (pipeline: ListedPipeline) =>
    Math.max(opened[pipeline.path] ?? 0, pipeline.last ? Date.parse(pipeline.last.startedAt) : 0)
  const recent = all.filter((pipeline) => at(pipeline) > 0).sort((a, b) => at(b) - at(a))
  const worked = all.filter(
    (pipeline) => pipeline.description !== '' && Object.keys(pipeline.document.nodes).length > 0,
  )
  return (
    <div className="start">
      <div className="start-main">
        {recent.length > 0 && <Recent pipelines={recent} total={all.length} when={at} />}
        {worked.length > 0 && (
          <section aria-labelledby="worked">
            <header>
              <h2 id="worked">{messages.start.worked}</h2>
              <small className="mute">{messages.start.workedHow}</small>
            </header>
            <div className="start-grid">
              {worked.map((pipeline) => (
                <WorkedCard key={pipeline.path} pipeline={pipeline} />
              ))}
            </div>
          </section>
        )}
        {recent.length === 0 && worked.length === 0 && <Nothing waiting={answer.waiting} />}
        {answer.problems?.map((problem) => (
          <p key={problem.message} className="bad">
            {problem.message} <span className="mute">{problem.fix}</span>
          </p>
        ))}
      </div>
      <StartAside pipelines={all} />
    </div>
  )
}

function Nothing({ waiting }: { waiting: boolean }) {
  const workbench = useWorkbench()
  if (waiting) return <p className="empty">{messages.loading}</p>
  return (
    <div className="empty">
      <p>{messages.start.none}</p>
      <p>
        <button type="button" className="button primary" onClick={() => runCommand(createPipeline, workbench)}>
          {messages.start.new}
        </button>
      </p>
    </div>
  )
}

/** An empty place in the grid, to fill. */
function NewCard() {
  const workbench = useWorkbench()
  return (
    <button type="button" className="new-card" onClick={() => runCommand(createPipeline, workbench)}>
      <span aria-hidden="true">+</span>
      <b>{messages.start.new}</b>
      <small className="mute">{messages.start.newHow}</small>
    </button>
  )
}

interface RecentProps {
  readonly pipelines: readonly ListedPipeline[]
  readonly total: number
  readonly when: (pipeline: ListedPipeline) => number
}

function Recent({ pipelines, total, when }: RecentProps) {
  const [attention, setAttention] = useState(false)
  const needing = pipelines.filter(needsAttention)
  const shown = attention ? needing : pipelines
  return (
    <section aria-labelledby="recent">
      <header>
        <h2 id="recent">{messages.start.recent}</h2>
        <small className="mute">{messages.start.inProject(total)}</small>
        <span className="spacer" />
        {needing.length > 0 && (
          <div className="segments">
            <button type="button" aria-pressed={!attention} onClick={() => setAttention(false)}>
              {messages.start.filters.all}
            </button>
            <button type="button" aria-pressed={attention} onClick={() => setAttention(true)}>
              {messages.start.filters.attention} {needing.length}
            </button>
          </div>
        )}
      </header>
      <div className="start-grid">
        {shown.map((pipeline, index) => (
          <RecentCard key={pipeline.path} pipeline={pipeline} first={index === 0} at={when(pipeline)} />
        ))}
        <NewCard />
      </div>
    </section>
  )
}

function needsAttention({ last }: ListedPipeline): boolean {
  return last !== undefined && last.status !== 'done' && last.status !== 'running'
}

function RecentCard({ pipeline, first, at }: { pipeline: ListedPipeline; first: boolean; at: number }) {
  const workbench = useWorkbench()
  const verdict = pipeline.last && runVerdict(pipeline.last)
  return (
    <button
      type="button"
      className="card recent-card"
      data-first={first || undefined}
      onClick={() => openPipeline(workbench, pipeline.path)}
    >
      <span className="recent-picture">
        <Thumbnail document={pipeline.document} width={392} height={148} />
      </span>
      <span className="recent-words">
        <span className="recent-name">
          <b>{pipeline.name}</b>
          <small className="mute">{formatWhen(new Date(at).toISOString())}</small>
        </span>
        <span className="recent-verdict">
          <i className={verdict?.tone ?? 'mute'} aria-hidden="true">
            {pipeline.last ? runGlyph(pipeline.last) : '○'}
          </i>
          <span>
            {verdict && pipeline.last ? (
              <span className={verdict.tone}>
                <b>{verdict.title}</b> {verdict.reason}
              </span>
            ) : (
              <span className="mute">{messages.start.noRun}</span>
            )}
            <small className="mute">{pipeline.path}</small>
          </span>
        </span>
      </span>
    </button>
  )
}

function WorkedCard({ pipeline }: { pipeline: ListedPipeline }) {
  const workbench = useWorkbench()
  return (
    <button type="button" className="card worked-card" onClick={() => openPipeline(workbench, pipeline.path)}>
      <span className="worked-picture">
        <Thumbnail document={pipeline.document} width={150} height={120} />
      </span>
      <span>
        <b>{pipeline.name}</b>
        <span className="worked-words mute">{pipeline.description}</span>
        <small className="mute">{messages.start.nodes(Object.keys(pipeline.document.nodes).length)}</small>
      </span>
    </button>
  )
}
