import type { CardFact, NodeCheck, Problem, StepStatus, StepSummary } from '#contract'
import { messages } from '../shell/messages.ts'
import { currentRun, type RunProgress, type RunState } from './run-store.ts'

export type FaceState =
  | 'not-configured'
  | 'ready'
  | 'queued'
  | 'running'
  | 'done'
  | 'cached'
  | 'stale'
  | 'failed'
  | 'gate'
  | 'cancelled'
  | 'skipped'
  | 'waiting'

/** What a node shows on the canvas, from its check and its newest step. */
export interface NodeFace {
  readonly state: FaceState
  /** The short word beside the glyph: "0.2 s", "62 %", "cache", "needs target". */
  readonly word: string
  /** Which changes made it stale. */
  readonly why: readonly string[]
  readonly problems: readonly Problem[]
  readonly card?: CardFact
  readonly step?: StepSummary
}

/** One value, so that faces compare equal. */
const none: readonly never[] = []

const glyphs: Readonly<Record<FaceState, string>> = {
  'not-configured': '○',
  ready: '○',
  queued: '◌',
  running: '◔',
  done: '✓',
  cached: '↺',
  stale: '◷',
  failed: '✕',
  gate: '✕',
  cancelled: '⊘',
  skipped: '⊘',
  waiting: '◐',
}
export function faceGlyph(state: FaceState): string {
  return glyphs[state]
}

/** A run that is under way speaks first; after it the check, which knows of later edits. */
export function nodeFace(id: string, check: NodeCheck | undefined, runs: RunState): NodeFace {
  const run = currentRun(runs)
  const live = run?.steps[id]
  const active = run?.status === 'running'
  if (active && live) return stepFace(live, check, run)
  const held = live?.status === 'skipped' && run?.status === 'gate-failed'
  const step = live && (held || !isOutdated(live, check)) ? live : check?.last
  if (check?.state === 'not-configured') return unconfiguredFace(check, step)
  if (check?.state === 'stale') return staleFace(check, step)
  if (step) return stepFace(step, check, run)
  return face(check?.state === 'cached' ? 'cached' : 'ready', check?.problems ?? none)
}

/**
 * The check knows of a result that fits the document better than the run's: an edit was undone since. What a gate or an
 * assertion held back is no such thing.
 */
function isOutdated(live: StepSummary, check: NodeCheck | undefined): boolean {
  return check?.state === 'cached' && check.last?.key !== undefined && check.last.key !== live.key
}

function face(state: FaceState, problems: readonly Problem[], word: string = messages.states[state]): NodeFace {
  return { state, word, why: none, problems }
}

function unconfiguredFace(check: NodeCheck, step: StepSummary | undefined): NodeFace {
  const first = check.problems.find((problem) => problem.level !== 'warning')
  const missing = first?.path?.at(-1)
  const word =
    first?.code === 'port-missing' && typeof missing === 'string'
      ? messages.states.needs(missing)
      : messages.states['not-configured']
  return { ...face('not-configured', check.problems, word), ...(step ? { step } : {}) }
}

function staleFace(check: NodeCheck, step: StepSummary | undefined): NodeFace {
  const result = step && hasResult(step) ? step : check.last
  if (!result || !hasResult(result)) return face('ready', check.problems)
  return { ...face('stale', check.problems), why: check.why ?? none, step: result, ...cardOf(result) }
}

function stepFace(step: StepSummary, check: NodeCheck | undefined, run: RunProgress | undefined): NodeFace {
  const state = stepState(step)
  const problems = step.problems.length > 0 ? step.problems : (check?.problems ?? none)
  const card = cardOf(step)
  const kept = 'card' in card || !check?.last ? card : cardOf(check.last)
  return { ...face(state, problems, stepWord(state, step, run)), step, ...kept }
}

function stepState(step: StepSummary): FaceState {
  if (step.status === 'done' || step.status === 'cached') {
    if (step.verdict === 'fail') return 'gate'
    if (step.verdict === 'wait') return 'waiting'
  }
  return step.status satisfies StepStatus
}

function stepWord(state: FaceState, step: StepSummary, run: RunProgress | undefined): string {
  if (state === 'running') return messages.states.percent(run?.progress[step.node]?.fraction ?? 0)
  if (state === 'queued') return messages.states.inLine(placeInLine(step, run))
  if (state === 'done') return step.ms === undefined ? messages.states.done : messages.duration(step.ms)
  return messages.states[state]
}

function placeInLine(step: StepSummary, run: RunProgress | undefined): number {
  const queue = run?.order.filter((id) => run.steps[id]?.status === 'queued') ?? []
  return queue.indexOf(step.node) + 1
}

function hasResult(step: StepSummary): boolean {
  return step.status === 'done' || step.status === 'cached'
}

function cardOf(step: StepSummary): { card: CardFact } | Record<never, never> {
  return step.card ? { card: step.card } : {}
}
