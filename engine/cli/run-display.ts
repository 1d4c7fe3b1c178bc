import type { RunEvent, RunSummary, StepSummary } from '#contract'
import { formatDuration } from '#report/format-time'
import type { Io } from './io.ts'
import { LiveDisplay } from './live-display.ts'
import { stepGlyphs } from './words.ts'

/** Shows a run while it goes on. */
export interface RunDisplay {
  event(event: RunEvent): void
  /** Called once, behind the last event. */
  end(summary: RunSummary): void
}

/** One JSON object a line; the run itself comes once, last. */
export function jsonDisplay(io: Io): RunDisplay {
  const print = (value: object) => io.out.write(`${JSON.stringify(value)}\n`)
  return {
    event: (event) => {
      if (event.type !== 'run') print(Object.assign({ type: event.type }, event))
    },
    end: ({ id, status, verdict, pipeline, ms }) => print({ type: 'run', id, status, pipeline, verdict, ms }),
  }
}

/** A line for each step when it has ended, for logs and pipes. */
export function plainDisplay(io: Io, order: readonly string[]): RunDisplay {
  const width = Math.max(0, ...order.map((id) => id.length))
  const warn = (text: string) => io.out.write(`${text}\n`)
  return {
    event(event) {
      if (event.type === 'log' && event.level !== 'info') warn(`  ${event.node ?? 'run'}: ${event.message}`)
      if (event.type !== 'step' || event.status === 'queued' || event.status === 'running') return
      io.out.write(`${stepLine(event.node, event, width).trimEnd()}\n`)
    },
    end: () => {},
  }
}

export function runDisplay(io: Io, order: readonly string[], json: boolean): RunDisplay {
  if (json) return jsonDisplay(io)
  return io.out.isTerminal ? new LiveDisplay(io, order) : plainDisplay(io, order)
}

/** "✓ split        0.2 s   **8 000** rows to learn from" without the marks. */
export function stepLine(
  id: string,
  step: Pick<StepSummary, 'status' | 'ms' | 'card' | 'problems'>,
  width: number,
  state = stateText(step),
): string {
  const fact =
    step.status === 'failed' ? (step.problems[0]?.message ?? '') : (step.card?.text ?? '').replaceAll('**', '')
  return `${stepGlyphs[step.status]} ${id.padEnd(width)}  ${state.padEnd(9)}  ${fact.replaceAll(/\s+/g, ' ')}`
}

export function stateText(step: Pick<StepSummary, 'status' | 'ms'>): string {
  if (step.status === 'done') return formatDuration(step.ms)
  return step.status === 'cached' ? 'cache' : step.status
}
