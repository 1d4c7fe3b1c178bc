import {
  type NodeCard,
  type PipelineDocument,
  ProblemError,
  type SweepDetail,
  type SweepPlan,
  type SweepStrategy,
  type SweepSummary,
  type SweepTrial,
} from '#contract'
import { expandGroups, resolveSetting } from '#graph/groups/expand-groups'
import { wholeName } from '#graph/groups/group-ids'
import { judgedOnTest } from '#graph/judged-on-test'
import { parseSwept } from '#graph/parse-swept'
import { formatNumber } from '#report/format-number'
import { formatDuration } from '#report/format-time'
import type { OpenEngine } from '#run/engine'
import { type Command, exitCodes, type Given, jsonFlag, projectFlag, UsageError } from './command.ts'
import type { Io } from './io.ts'
import { withEngine } from './open-engine.ts'
import { currentProject, namedFile } from './project.ts'
import { readPipeline } from './read-pipeline.ts'
import { textTable } from './text-table.ts'

export const sweepCommand: Command = {
  words: 'sweep',
  summary: 'try a pipeline with many settings and rank them by a figure',
  positionals: [{ name: 'FILE', optional: true, doc: 'the pipeline file; without one, sweeps are listed' }],
  flags: {
    set: {
      value: 'NAME=VALUES',
      many: true,
      doc: 'a parameter to search: 1,2,3 or LOW..HIGH, with :log, :integer, :points=5',
    },
    metric: { value: 'NODE.FIGURE', doc: 'the figure trials are judged by, as evaluate.roc_auc' },
    strategy: { value: 'NAME', doc: 'grid (default), random or halving' },
    trials: { value: 'N', doc: 'how many at most; of halving, how many begin' },
    budget: { value: 'NAME=LEAST..MOST', doc: 'for halving: the parameter that is rows, rounds or epochs' },
    better: { value: 'high|low', doc: 'which values are better (default: what the figure says)' },
    seed: { value: 'N', doc: 'of random draws (default 1)' },
    resume: { value: 'ID', doc: 'go on with a sweep that was cancelled or interrupted' },
    show: { value: 'ID', doc: 'show a sweep again' },
    ...jsonFlag,
    ...projectFlag,
  },
  notes: `
Example: plumbline sweep loans.plumb.json --set boost.rounds=50..400 --set boost.rate=0.01..0.3:log --metric evaluate.roc_auc
           --strategy random --trials 30

A parameter of a node inside a group is named group/node.parameter, whether or not the group shows it.

Each trial is a run of its own; what trials share is computed once. Ctrl+C cancels and keeps what is done; --resume goes on.`,
  async run({ given, io }) {
    const show = given.value('show') ?? given.value('resume')
    if (given.value('FILE') === undefined) {
      return withEngine(currentProject(given, io), async (engine) => {
        if (show === undefined) return listSweeps(engine, given, io)
        if (given.has('resume')) return follow(engine, show, given, io, () => engine.resumeSweep({ sweep: show }))
        return tell(await engine.sweep({ sweep: show }), given, io)
      })
    }
    const plan = readPlan(given)
    const file = namedFile(given, io)
    const { document, problems } = await readPipeline(file)
    if (!document) throw new ProblemError(problems)
    return withEngine(file.project, async (engine) => {
      warnOfTest(document, plan, await engine.catalogue(), io)
      const { id } = await engine.startSweep({ document, file: file.file, plan })
      return follow(engine, id, given, io)
    })
  },
}

/** Figures of the test rows are for the one model that is chosen. */
function warnOfTest(document: PipelineDocument, plan: SweepPlan, cards: readonly NodeCard[], io: Io): void {
  const expanded = expandGroups(document)
  const setting = judgedOnTest(expanded.document, wholeName(plan.metric.node), cards)
  if (!setting || plan.parameters.some((parameter) => resolveSetting(expanded, parameter.setting) === setting)) return
  io.error.write(
    `Trials are judged by the test rows, which are then no test of the best one. Judge by others: --set ${setting}=validation\n`,
  )
}

const strategies: readonly string[] = ['grid', 'random', 'halving'] satisfies readonly SweepStrategy[]

function readPlan(given: Given): SweepPlan {
  const figure = given.value('metric') ?? ''
  const dot = figure.indexOf('.')
  if (dot < 1)
    throw new UsageError(
      'The sweep needs a figure to judge trials by.',
      'Write --metric NODE.FIGURE, as evaluate.roc_auc.',
    )
  const strategy = given.value('strategy') ?? 'grid'
  if (!strategies.includes(strategy))
    throw new UsageError(`There is no strategy "${strategy}".`, `Choose ${strategies.join(', ')}.`)
  const better = given.value('better')
  if (better !== undefined && better !== 'high' && better !== 'low')
    throw new UsageError(`--better has "${better}".`, 'Write --better high or --better low.')
  const budget = given.value('budget')
  const trials = count(given, 'trials')
  const seed = count(given, 'seed')
  return {
    parameters: given.values('set').map(parseSwept),
    strategy: strategy as SweepStrategy,
    metric: { node: figure.slice(0, dot), name: figure.slice(dot + 1) },
    ...(trials !== undefined && { trials }),
    ...(better && { better }),
    ...(seed !== undefined && { seed }),
    ...(budget !== undefined && { budget: readBudget(budget) }),
  }
}

function count(given: Given, name: string): number | undefined {
  const text = given.value(name)
  if (text === undefined) return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new UsageError(`--${name} has "${text}".`, `Write a whole number, as --${name} 20.`)
}

function readBudget(text: string): NonNullable<SweepPlan['budget']> {
  const { setting, range } = parseSwept(text)
  if (!range) throw new UsageError(`--budget has "${text}".`, 'Write --budget node.parameter=LEAST..MOST.')
  return { setting, least: range.low, most: range.high }
}

/** Waits for the end of a sweep and tells it. */
async function follow(engine: OpenEngine, id: string, given: Given, io: Io, begin = async () => {}): Promise<number> {
  let told = 0
  const watch = engine.subscribe((event) => {
    if (event.type !== 'sweep' || event.id !== id || given.has('json') || event.status !== 'running') return
    void engine.sweep({ sweep: id }).then(({ ended, planned }) => {
      if (ended > told) io.error.write(`${ended} of ${planned} trials\n`)
      told = Math.max(told, ended)
    })
  })
  const release = io.onInterrupt(() => void engine.cancelSweep({ sweep: id }))
  try {
    await begin()
    await engine.sweepIdle(id)
    return tell(await engine.sweep({ sweep: id }), given, io)
  } finally {
    watch()
    release()
  }
}

function tell(detail: SweepDetail, given: Given, io: Io): number {
  if (given.has('json')) io.out.write(`${JSON.stringify(detail)}\n`)
  else io.out.write(`${sweepText(detail)}\n`)
  if (detail.status === 'cancelled') return exitCodes.cancelled
  return detail.best ? exitCodes.done : exitCodes.failed
}

/** Trials, the best first; those without a value last, with the reason. */
function sweepText(detail: SweepDetail): string {
  const { plan, trials, label, best, id, ended, planned, status } = detail
  const names = [
    ...new Set([...plan.parameters.map(({ setting }) => setting), ...(plan.budget ? [plan.budget.setting] : [])]),
  ]
  const rows = rankedTrials(detail).map((trial) => [
    trial.number === best?.number ? '★' : '',
    String(trial.number + 1),
    ...names.map((name) => settingText(trial.settings[name])),
    trial.estimate ? formatNumber(trial.estimate.value, 4) : trial.status,
    trial.ms === undefined ? '' : formatDuration(trial.ms),
    trial.run ?? trial.problem ?? '',
  ])
  const reasons = [...new Set(trials.flatMap(({ problem }) => problem ?? []))].map((reason) => `✕ ${reason}`)
  const end = best
    ? `Best: trial ${best.number + 1}, ${label} ${formatNumber(best.estimate!.value, 4)}.`
    : 'No trial has a value.'
  return [
    textTable([['', 'trial', ...names, label, 'time', 'run'], ...rows]),
    ...reasons,
    '',
    `Sweep ${id}: ${status}, ${ended} of ${planned} trials. ${end}`,
    ...(status === 'cancelled' || status === 'interrupted' ? [`Go on: plumbline sweep --resume ${id}`] : []),
  ].join('\n')
}

const settingText = (value: unknown) =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(4)))
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)

/** Better ones first: larger budgets, then the figure. */
function rankedTrials({ trials, better, best }: SweepDetail): readonly SweepTrial[] {
  const sign = better === 'low' ? 1 : -1
  const rank = (trial: SweepTrial) => (trial.number === best?.number ? Number.NEGATIVE_INFINITY : -(trial.budget ?? 0))
  const value = ({ estimate }: SweepTrial) =>
    estimate?.value == null ? Number.POSITIVE_INFINITY : sign * estimate.value
  return trials.toSorted((a, b) => order(rank(a), rank(b)) || order(value(a), value(b)) || a.number - b.number)
}

const order = (a: number, b: number) => (a === b ? 0 : a - b)

async function listSweeps(engine: OpenEngine, given: Given, io: Io): Promise<number> {
  const sweeps = await engine.sweeps({})
  if (given.has('json')) io.out.write(`${JSON.stringify(sweeps)}\n`)
  else if (sweeps.length === 0) io.out.write('This project has no sweeps.\n')
  else io.out.write(`${textTable([['sweep', 'pipeline', 'state', 'trials', 'best'], ...sweeps.map(sweepRow)])}\n`)
  return exitCodes.done
}

const sweepRow = ({ id, pipeline, status, ended, planned, best, plan }: SweepSummary) => [
  id,
  pipeline,
  status,
  `${ended} of ${planned}`,
  best ? `${plan.metric.name} ${formatNumber(best.estimate?.value ?? null, 4)}` : '',
]
