import type { RunEvent, StepSummary } from '#contract'

export interface RunEvents {
  emit(event: RunEvent): void
  subscribe(listener: (event: RunEvent) => void): () => void
}

/** A listener that throws is its own affair: the run goes on. */
export function createRunEvents(): RunEvents {
  const listeners = new Set<(event: RunEvent) => void>()
  return {
    emit(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          console.error(error)
        }
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** A step as an event. */
export function stepEvent(step: StepSummary): RunEvent {
  return { ...step, type: 'step' }
}

const everyMs = 50

/** Progress of one step: never backwards, at most twenty times a second, 1 only at its end. */
export function steadyProgress(emit: (fraction: number, note?: string) => void): {
  report(fraction: number, note?: string): void
  finish(): void
} {
  let reached = -1
  let last = Number.NEGATIVE_INFINITY
  return {
    report(fraction, note) {
      const now = performance.now()
      if (!(fraction > reached) || fraction >= 1 || now - last < everyMs) return
      reached = fraction
      last = now
      emit(Math.max(0, fraction), note)
    },
    finish() {
      if (reached < 1) emit(1)
      reached = 1
    },
  }
}
