import { useRef } from 'react'
import { dropFile, startFromTable } from '../commands/acts/drop-file.ts'
import { openPipeline } from '../commands/acts/open-pipeline.ts'
import { pickFile } from '../commands/acts/pick-file.ts'
import { runCommand } from '../commands/run-command.ts'
import { takeTour } from '../commands/take-tour.ts'
import { formatBytes, formatWhen } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { runGlyph, runVerdict } from '../shell/run-verdict.ts'
import { useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { runCounts } from '../state/run-store.ts'
import type { ListedPipeline } from './StartPage.tsx'

/** Where to begin, what runs now, what waits. */
export function StartAside({ pipelines }: { pipelines: readonly ListedPipeline[] }) {
  const { info } = useWorkbench()
  return (
    <aside className="start-aside">
      <DropCard />
      <TourOffer />
      <RunningCard />
      <AttentionCard pipelines={pipelines} />
      <section className="card">
        <header>
          <h3>{messages.start.engine}</h3>
          <small className="mute">{messages.start.cores(info.threads, formatBytes(info.bytes))}</small>
        </header>
        <small className="mute">
          {[`${messages.app} ${info.version}`, info.platform, ...(info.gpu === 'none' ? [] : [info.gpu])].join(' · ')}
        </small>
      </section>
    </aside>
  )
}

/** For who is here for the first time. */
function TourOffer() {
  const workbench = useWorkbench()
  return (
    <section className="card">
      <header>
        <h3>{messages.tour.title}</h3>
      </header>
      <p className="mute">{messages.tour.how}</p>
      <button type="button" className="button small" onClick={() => runCommand(takeTour, workbench)}>
        {messages.tour.start}
      </button>
    </section>
  )
}

const tableFiles = ['.csv', '.tsv', '.parquet']

function DropCard() {
  const workbench = useWorkbench()
  const input = useRef<HTMLInputElement>(null)
  async function choose() {
    if (workbench.host.kind === 'browser') return input.current?.click()
    const path = await pickFile(workbench, tableFiles)
    if (path !== null) await startFromTable(workbench, path)
  }
  return (
    <section className="drop-card">
      <svg
        width="34"
        height="34"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        aria-hidden="true"
      >
        <path d="M14 3H6v18h12V7zM14 3v4h4M12 10v7M9 14l3 3 3-3" />
      </svg>
      <h2>{messages.start.drop}</h2>
      <p className="mute">{messages.start.dropHow}</p>
      <input
        ref={input}
        type="file"
        hidden
        accept={tableFiles.join()}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) void dropFile(workbench, file)
        }}
      />
      <button type="button" className="button" onClick={choose}>
        {messages.start.choose}
      </button>
      <small className="mute">{messages.start.dropNote}</small>
    </section>
  )
}

function RunningCard() {
  const all = useRuns((state) => state.runs)
  const running = Object.values(all).filter((run) => run.status === 'running')
  if (running.length === 0) return null
  return (
    <section className="card">
      <header>
        <h3>{messages.start.running}</h3>
      </header>
      {running.map((run) => {
        const { finished, total } = runCounts(run)
        return (
          <div key={run.id} className="start-job">
            <b>{run.pipeline}</b>
            <progress max={Math.max(total, 1)} value={finished} aria-label={run.pipeline} />
            <small className="mute">{messages.top.nodes(finished, total)}</small>
          </div>
        )
      })}
    </section>
  )
}

function AttentionCard({ pipelines }: { pipelines: readonly ListedPipeline[] }) {
  const workbench = useWorkbench()
  const waiting = pipelines.filter(({ last }) => last && last.status !== 'done' && last.status !== 'running')
  if (waiting.length === 0) return null
  return (
    <section className="card">
      <header>
        <h3>{messages.start.filters.attention}</h3>
        <small className="mute">{waiting.length}</small>
      </header>
      {waiting.slice(0, 6).map(({ path, name, last }) => {
        if (!last) return null
        const verdict = runVerdict(last)
        return (
          <button key={path} type="button" className="start-todo" onClick={() => openPipeline(workbench, path)}>
            <i className={verdict.tone} aria-hidden="true">
              {runGlyph(last)}
            </i>
            <span>
              {name}
              <small className="mute">
                {verdict.title} {verdict.reason} · {formatWhen(last.startedAt)}
              </small>
            </span>
          </button>
        )
      })}
    </section>
  )
}
