import { createStore } from 'zustand/vanilla'
import type { ReportBlock, RunDetail, RunEvent, RunStatus, StepSummary } from '#contract'

export interface RunLog {
  readonly node?: string
  readonly level: string
  readonly message: string
  readonly at: number
}
/** When a step of a run that was watched began and ended, in milliseconds since the epoch. */
export interface StepTimes {
  readonly start: number
  readonly end?: number
}
/** One run as its events tell it. */
export interface RunProgress {
  readonly id: string
  readonly pipeline: string
  readonly status: RunStatus
  readonly startedAt: number
  readonly endedAt?: number
  readonly steps: Readonly<Record<string, StepSummary>>
  /** Nodes in the order in which they were queued. */
  readonly order: readonly string[]
  readonly progress: Readonly<Record<string, { readonly fraction: number; readonly note?: string }>>
  /** What steps show of themselves while they work. */
  readonly live: Readonly<Record<string, readonly ReportBlock[]>>
  readonly times: Readonly<Record<string, StepTimes>>
  readonly logs: readonly RunLog[]
}
export interface RunState {
  readonly runs: Readonly<Record<string, RunProgress>>
  /** The run whose state the canvas shows. */
  readonly current: string | null
  /** A run was asked for and has not answered yet. */
  readonly starting: boolean
}

const mostLogs = 2_000
const mostRuns = 6

export type RunStore = ReturnType<typeof createRunStore>

/** What runs do, as their events arrive. Runs started elsewhere on the same project are followed too. */
export function createRunStore(now: () => number = Date.now) {
  const store = createStore<RunState>(() => ({ runs: {}, current: null, starting: false }))
  const { getState: get, setState: set } = store
  return {
    ...store,
    receive(event: RunEvent) {
      if (event.type !== 'sweep' && event.type !== 'catalogue')
        set({ runs: newestRuns(reduceRuns(get().runs, event, now()), get().current) })
    },
    starting: () => set({ starting: true }),
    started: (id: string | null) => set(id === null ? { starting: false } : { starting: false, current: id }),
    forget: () => set({ current: null }),
    /** Takes over what the engine has stored of a run, after its events could not be heard. */
    adopt: (detail: RunDetail) =>
      set({ runs: { ...get().runs, [detail.id]: storedRun(get().runs[detail.id], detail) } }),
  }
}

function storedRun(old: RunProgress | undefined, detail: RunDetail): RunProgress {
  const startedAt = Date.parse(detail.startedAt)
  return {
    ...(old ?? freshRun(detail.id, startedAt)),
    pipeline: detail.pipeline,
    status: detail.status,
    steps: Object.fromEntries(detail.steps.map((step) => [step.node, step])),
    order: detail.steps.map((step) => step.node),
    ...(detail.status === 'running' ? {} : { endedAt: startedAt + (detail.ms ?? 0) }),
  }
}

export function currentRun(state: RunState): RunProgress | undefined {
  return state.current === null ? undefined : state.runs[state.current]
}

export function isRunning(state: RunState): boolean {
  return state.starting || currentRun(state)?.status === 'running'
}

function newestRuns(runs: RunState['runs'], current: string | null): RunState['runs'] {
  const ids = Object.keys(runs)
  if (ids.length <= mostRuns) return runs
  const oldest = ids.find((id) => id !== current && runs[id]!.status !== 'running')
  if (!oldest) return runs
  const { [oldest]: _, ...kept } = runs
  return kept
}

/** What happened in a run. */
type EventOfRun = Exclude<RunEvent, { type: 'sweep' | 'catalogue' }>

function reduceRuns(runs: RunState['runs'], event: EventOfRun, at: number): RunState['runs'] {
  const id = event.type === 'run' ? event.id : event.run
  const old = runs[id] ?? freshRun(id, at)
  return { ...runs, [id]: reduceRun(old, event, at) }
}

function freshRun(id: string, at: number): RunProgress {
  return {
    id,
    pipeline: '',
    status: 'running',
    startedAt: at,
    steps: {},
    order: [],
    progress: {},
    live: {},
    times: {},
    logs: [],
  }
}

/** The next state of a run after one event. */
export function reduceRun(run: RunProgress, event: EventOfRun, at: number): RunProgress {
  switch (event.type) {
    case 'run':
      return {
        ...run,
        pipeline: event.pipeline,
        status: event.status,
        ...(event.status === 'running' ? {} : { endedAt: at }),
      }
    case 'step':
      return reduceStep(run, event, at)
    case 'progress': {
      const { fraction, note } = event
      return {
        ...run,
        progress: { ...run.progress, [event.node]: note === undefined ? { fraction } : { fraction, note } },
      }
    }
    case 'live':
      return { ...run, live: { ...run.live, [event.node]: event.blocks } }
    case 'log': {
      const { node, level, message } = event
      const entry: RunLog = { level, message, at, ...(node === undefined ? {} : { node }) }
      return { ...run, logs: [...run.logs, entry].slice(-mostLogs) }
    }
  }
}

function reduceStep(run: RunProgress, event: Extract<RunEvent, { type: 'step' }>, at: number): RunProgress {
  const { type: _, ...rest } = event
  const step = rest as StepSummary
  const begun = run.times[step.node]
  const over = step.status !== 'queued' && step.status !== 'running'
  const times =
    step.status === 'running'
      ? { ...run.times, [step.node]: { start: at } }
      : over && begun
        ? { ...run.times, [step.node]: { start: begun.start, end: at } }
        : run.times
  return {
    ...run,
    steps: { ...run.steps, [step.node]: step },
    order: run.order.includes(step.node) ? run.order : [...run.order, step.node],
    times,
  }
}

/** Figures for the top bar: "7 of 11 nodes · 4 from cache". */
export function runCounts(run: RunProgress): { finished: number; cached: number; total: number; failed?: string } {
  const steps = Object.values(run.steps)
  const open = (step: StepSummary) => step.status === 'queued' || step.status === 'running'
  const failed = steps.find((step) => step.status === 'failed')?.node
  return {
    total: steps.length,
    finished: steps.filter((step) => !open(step)).length,
    cached: steps.filter((step) => step.status === 'cached').length,
    ...(failed === undefined ? {} : { failed }),
  }
}
