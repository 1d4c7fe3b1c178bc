import type { StepSummary } from '#contract'

export interface StepTime {
  readonly step: StepSummary
  /** Share of the longest step, for its bar. */
  readonly share: number
}

/** Steps with their own time beside the longest one's. */
export function stepTimes(steps: readonly StepSummary[]): readonly StepTime[] {
  const longest = Math.max(...steps.map((step) => step.ms ?? 0), 1)
  return steps.map((step) => ({ step, share: step.status === 'cached' ? 0 : (step.ms ?? 0) / longest }))
}

/** The step that holds a run's report, when it has one: the last, as the engine takes it too. */
export function reportStep(steps: readonly StepSummary[]): StepSummary | undefined {
  return steps.findLast((step) => Object.values(step.outputs).some((output) => output.kind === 'report'))
}
