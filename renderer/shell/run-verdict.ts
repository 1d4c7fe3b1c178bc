import type { RunSummary } from '#contract'
import { messages } from './messages.ts'

export interface RunVerdict {
  readonly tone: 'ok' | 'bad' | 'stale' | 'run' | 'mute'
  /** A word or two: "Not ready." */
  readonly title: string
  readonly reason: string
}

/** How a run ended, in words. */
export function runVerdict(run: RunSummary): RunVerdict {
  const { verdicts } = messages.start
  const total = Object.values(run.counts).reduce((sum, count) => sum + (count ?? 0), 0)
  const steps = messages.start.stepsDone((run.counts.done ?? 0) + (run.counts.cached ?? 0), total)
  switch (run.status) {
    case 'running':
      return { tone: 'run', title: verdicts.running, reason: steps }
    case 'done':
      return run.verdict === 'pass'
        ? { tone: 'ok', title: verdicts.ready, reason: messages.start.gatesHold }
        : { tone: 'ok', title: verdicts.done, reason: steps }
    case 'gate-failed':
      return { tone: 'bad', title: verdicts['not-ready'], reason: messages.start.gateFails }
    case 'failed':
      return { tone: 'bad', title: verdicts.failed, reason: steps }
    case 'waiting':
      return { tone: 'stale', title: verdicts.waiting, reason: steps }
    case 'cancelled':
      return { tone: 'mute', title: verdicts.cancelled, reason: steps }
    case 'interrupted':
      return { tone: 'stale', title: verdicts.interrupted, reason: steps }
  }
}

const glyphs: Readonly<Record<RunSummary['status'], string>> = {
  running: '◔',
  done: '✓',
  failed: '✕',
  'gate-failed': '✕',
  waiting: '◐',
  cancelled: '⊘',
  interrupted: '◌',
}
export function runGlyph(run: Pick<RunSummary, 'status'>): string {
  return glyphs[run.status]
}
