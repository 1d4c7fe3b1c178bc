import { useEffect, useState } from 'react'
import type { StepSummary } from '#contract'
import { formatDuration } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useChecks, useDocument, useRuns, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { faceGlyph } from '../state/node-face.ts'
import { currentRun, type RunProgress } from '../state/run-store.ts'
import { longestChain } from './longest-chain.ts'

interface Bar {
  readonly node: string
  readonly status: StepSummary['status']
  readonly start: number
  readonly ms: number
}

/** The steps of the newest run as bars over time. */
export function TimelineTab() {
  const { view } = useWorkbench()
  const run = useRuns(currentRun)
  const check = useChecks((state) => state.check)
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const now = useNow(run?.status === 'running')
  const last = Object.values(check?.nodes ?? {}).flatMap((node) => (node.last ? [node.last] : []))
  const bars = run && Object.keys(run.steps).length > 0 ? watchedBars(run, now) : storedBars(last)
  if (bars.length === 0) return <p className="empty">{messages.dock.noRun}</p>
  const end = Math.max(...bars.map((bar) => bar.start + bar.ms), 1)
  const times = new Map(bars.map(({ node, status, ms }) => [node, status === 'cached' ? 0 : ms]))
  const chain = longestChain(document, times)
  const titles = chain.nodes.map((node) => nodeTitle(document, cards, node))
  return (
    <>
      {chain.nodes.length > 1 && run?.status !== 'running' && (
        <p className="timeline-chain mute">
          {messages.dock.longestChain(titles.join(' → '), formatDuration(chain.ms))}
        </p>
      )}
      <ol className="timeline">
        {bars.map((bar) => (
          <li key={bar.node} data-longest={chain.nodes.includes(bar.node) || undefined}>
            <button type="button" onClick={() => view.select([bar.node])}>
              <span className="timeline-title">
                <i data-status={bar.status} aria-hidden="true">
                  {faceGlyph(bar.status)}
                </i>
                {nodeTitle(document, cards, bar.node)}
              </span>
              <span className="timeline-track">
                <i
                  data-status={bar.status}
                  style={{ left: `${(bar.start / end) * 100}%`, width: `max(3px, ${(bar.ms / end) * 100}%)` }}
                />
              </span>
              <span className="mute number">
                {bar.status === 'cached'
                  ? messages.states.cached
                  : bar.ms > 0
                    ? formatDuration(bar.ms)
                    : messages.states[bar.status]}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}

function watchedBars(run: RunProgress, now: number): readonly Bar[] {
  const bars = run.order.map((node): Bar => {
    const times = run.times[node]
    const status = run.steps[node]!.status
    if (!times) return { node, status, start: 0, ms: run.steps[node]!.ms ?? 0 }
    return { node, status, start: times.start - run.startedAt, ms: (times.end ?? now) - times.start }
  })
  return bars.sort((a, b) => a.start - b.start)
}

/** Of a run that was not watched only the lengths are known: one after the other, as they were stored. */
function storedBars(steps: readonly StepSummary[]): readonly Bar[] {
  let start = 0
  return steps.map((step) => {
    const bar: Bar = { node: step.node, status: step.status, start, ms: step.ms ?? 0 }
    start += bar.ms
    return bar
  })
}

function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!running) return
    const timer = setInterval(() => setNow(Date.now()), 250)
    return () => clearInterval(timer)
  }, [running])
  return now
}
