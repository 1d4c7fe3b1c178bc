import { useStore } from 'zustand'
import { nodeTitle } from '../state/judge-wire.ts'
import { currentRun, type RunProgress, runCounts } from '../state/run-store.ts'
import { messages } from './messages.ts'
import { useCatalogue, useDocument, useRuns, useWorkbench } from './workbench-context.ts'

/** "7 of 11 nodes · 4 from cache" with a bar while a run is under way; afterwards how it ended. */
export function RunProgressBar() {
  const run = useStore(useWorkbench().allRuns, currentRun)
  const starting = useRuns((state) => state.starting)
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  if (starting) return <span className="run-words mute">{messages.top.starting}</span>
  if (!run) return null
  const ended = run.status !== 'running'
  const { text, tone } = ended
    ? ending(run, (id) => run.steps[id]?.title ?? nodeTitle(document, cards, id))
    : underWay(run)
  return (
    <span className="run-words" role="status">
      <span className={tone}>{text}</span>
      {!ended && (
        <progress max={1} value={overall(run)} aria-label={messages.top.progress}>
          {Math.round(overall(run) * 100)} %
        </progress>
      )}
    </span>
  )
}

function underWay(run: RunProgress) {
  const { finished, cached, total } = runCounts(run)
  const parts = [messages.top.nodes(finished, total)]
  if (cached > 0) parts.push(messages.top.cached(cached))
  return { text: parts.join(' · '), tone: 'mute' }
}

/** Share of the steps that are over, steps under way counted by their own progress. */
function overall(run: RunProgress): number {
  const { finished, total } = runCounts(run)
  const running = Object.values(run.steps).filter((step) => step.status === 'running')
  const part = running.reduce((sum, step) => sum + (run.progress[step.node]?.fraction ?? 0), 0)
  return total === 0 ? 0 : (finished + part) / total
}

/** What the failed gate says of itself, with its reason. */
function gateSentence(run: RunProgress): string {
  const gate = Object.values(run.steps).find((step) => step.verdict === 'fail' && step.card)
  return gate?.card?.text.replaceAll('**', '') ?? messages.top.gateFailed
}

function ending(run: RunProgress, title: (id: string) => string) {
  const { finished, cached, total, failed } = runCounts(run)
  const ms = (run.endedAt ?? run.startedAt) - run.startedAt
  const done = Object.values(run.steps).filter((step) => step.status === 'done' || step.status === 'cached').length
  switch (run.status) {
    case 'failed':
      return failed === undefined
        ? { text: messages.states.failed, tone: 'bad' }
        : { text: `✕ ${messages.top.stoppedAt(title(failed), done, total)}`, tone: 'bad' }
    case 'gate-failed':
      return { text: `✕ ${gateSentence(run)}`, tone: 'bad' }
    case 'waiting':
      return { text: `◐ ${messages.top.waiting}`, tone: 'stale' }
    case 'cancelled':
      return { text: `⊘ ${messages.top.cancelled}`, tone: 'mute' }
    case 'interrupted':
      return { text: messages.top.interrupted, tone: 'stale' }
    default:
      return { text: `✓ ${messages.top.done(finished, cached, ms)}`, tone: 'ok' }
  }
}
