import type { BlockCell, CardFact, JsonValue, Model, NodeOffer, ReportBlock, RunContext } from '#contract'
import { parameterImportance } from '#ml/search/parameter-importance'
import type { SearchSpace } from '#ml/search/space'
import { formatInteger, formatNumber } from '#report/format-number'
import { settingText } from '#report/parallel-layout'
import { bestSoFarChart, frontChart, offersBlock } from '../search-charts.ts'
import { rangeText } from './learners.ts'
import type { Goal } from './metric.ts'
import { parallelTrials, plainSetting } from './parallel-trials.ts'
import type { TuneParams } from './params.ts'
import type { TuningPlan } from './plan.ts'
import { finalists, frontOf, quality, type TrialRecord, type ValuedRecord, winnerOf } from './trial-record.ts'

/** What a running search shows. */
export function liveBlocks(
  records: readonly TrialRecord[],
  { space }: TuningPlan,
  goal: Goal,
  params: TuneParams,
): readonly ReportBlock[] {
  return [
    ...searchCharts(records, space, goal, params),
    trialTable(records.slice(-8).toReversed(), space, goal, params, 'The newest trials'),
  ]
}

interface Told {
  readonly model: Model
  readonly records: readonly TrialRecord[]
  readonly plan: TuningPlan
  readonly goal: Goal
  readonly params: TuneParams
  readonly context: RunContext
  /** A trial's parameters, as its own node takes them. */
  readonly offer: (record: TrialRecord) => Readonly<Record<string, JsonValue>>
}

export async function tuneReport(told: Told): Promise<readonly ReportBlock[]> {
  const { model, records, plan, goal, params, context } = told
  const { space, learner } = plan
  const winner = winnerOf(records, goal, params)
  const failed = records.filter(({ value }) => value === null)
  const searched = model.metrics.find(({ name }) => name === `search.${goal.name}`)
  const ranked = ranking(records, goal)
  return [
    {
      block: 'heading',
      text: `${learner.node.title}, tuned`,
      note: `${formatInteger(records.length)} trials${failed.length > 0 ? `, of which ${formatInteger(failed.length)} failed` : ''}`,
    },
    ...(searched
      ? [
          {
            block: 'metric' as const,
            label: searched.label,
            estimate: estimateOf(searched),
            format: 'number' as const,
          },
        ]
      : []),
    {
      block: 'text',
      text: 'The best of many trials looks a little better here than it will be on other rows, since the same rows have chosen it. Evaluate it on the test rows.',
    },
    ...(winner ? [winnerTable(winner, space, params)] : []),
    ...searchCharts(records, space, goal, params),
    ...(await importanceChart(records, space, context)),
    trialTable(ranked.slice(0, 12), space, goal, params, 'The best trials'),
    ...failureTable(failed),
    ...offersBlock(
      [...ranked, ...records.filter((record) => !ranked.some(({ number }) => number === record.number))].map((record) =>
        offerOf(record, told),
      ),
    ),
    ...(await learnerBlocks(told)),
  ]
}

const estimateOf = ({ value, low, high, n }: Model['metrics'][number]) => ({
  value,
  ...(low !== undefined && { low }),
  ...(high !== undefined && { high }),
  ...(n !== undefined && { n }),
})

const ranking = (records: readonly TrialRecord[], goal: Goal): readonly ValuedRecord[] =>
  finalists(records).toSorted((a, b) => quality(b, goal) - quality(a, goal) || a.number - b.number)

function searchCharts(
  records: readonly TrialRecord[],
  space: SearchSpace,
  goal: Goal,
  { second }: TuneParams,
): readonly ReportBlock[] {
  const valued = records.filter((record): record is ValuedRecord => record.value !== null)
  if (valued.length === 0) return []
  const longest = finalists(records).toSorted((a, b) => a.number - b.number)
  const found = longest.map(({ number, value }) => ({ number, score: value }))
  const point = (record: ValuedRecord) => ({ quality: record.value, cost: record.cost! })
  const known = finalists(records).filter((record) => record.cost !== undefined)
  const cost = second === 'size' ? 'bytes of the file' : 'comparisons or multiplications a row'
  return [
    ...(second === 'none' || known.length === 0
      ? []
      : [
          frontChart(`${goal.label} over ${second}`, 'trial', known.map(point), frontOf(records, goal).map(point), {
            x: cost,
            y: goal.label,
          }),
        ]),
    parallelTrials(valued, space, goal, second),
    bestSoFarChart(found, { x: 'trial', y: goal.label }, goal.direction === 'minimise'),
  ]
}

const settingWords = (setting: string | number | boolean | undefined): string =>
  typeof setting === 'number' ? settingText(setting) : setting === undefined ? 'none' : String(setting)

async function importanceChart(
  records: readonly TrialRecord[],
  space: SearchSpace,
  context: RunContext,
): Promise<readonly ReportBlock[]> {
  if (Object.keys(space).length < 2) return []
  const found = await parameterImportance(await context.kernels.forest(), space, finalists(records), context.seed)
  if (!found) return []
  return [
    {
      block: 'chart',
      title: 'What mattered',
      note: 'Share of the differences among settings that a parameter explains by itself (functional ANOVA of a forest fitted to the trials); what is left lies in how they play together.',
      chart: {
        type: 'bars',
        format: 'percent',
        rows: found.map(({ name, share }) => ({ label: name, estimate: { value: share } })),
      },
    },
  ]
}

function trialTable(
  records: readonly TrialRecord[],
  space: SearchSpace,
  goal: Goal,
  { second }: TuneParams,
  title: string,
): ReportBlock {
  const names = Object.keys(space)
  const has = (of: (record: TrialRecord) => unknown) => records.some((record) => of(record) !== undefined)
  const [spread, cost] = [has((record) => record.spread), has((record) => record.cost)]
  const short = records.some(({ share }) => share < 1)
  return {
    block: 'table',
    title,
    columns: [
      'Trial',
      goal.label,
      ...(spread ? ['± over folds'] : []),
      ...(short ? ['Length'] : []),
      ...(cost ? [second === 'size' ? 'Bytes' : 'Work a row'] : []),
      ...names,
    ],
    rows: records.map((record): BlockCell[] => [
      record.number + 1,
      record.value ?? { text: 'failed', tone: 'bad' },
      ...(spread ? [record.spread ?? null] : []),
      ...(short ? [record.share] : []),
      ...(cost ? [record.cost ?? null] : []),
      ...names.map((name) => plainSetting(record.settings[name])),
    ]),
  }
}

const winnerTable = ({ settings, number }: ValuedRecord, space: SearchSpace, { learner }: TuneParams): ReportBlock => ({
  block: 'table',
  title: `The winner, trial ${number + 1}`,
  columns: ['Parameter', 'Winner', 'Searched'],
  rows: Object.entries(space).map(([name, dimension]) => [name, settingWords(settings[name]), rangeText(dimension)]),
  note: `All other parameters stay as ${learner} has them.`,
})

const failureTable = (failed: readonly TrialRecord[]): readonly ReportBlock[] =>
  failed.length === 0
    ? []
    : [
        {
          block: 'table',
          title: 'Trials that failed',
          columns: ['Trial', 'Why'],
          rows: failed.slice(0, 12).map(({ number, reason }) => [number + 1, reason ?? '']),
        },
      ]

/** A trial as a node of its own, to look at and to change. */
function offerOf(record: TrialRecord, { plan: { learner }, goal, offer }: Told): NodeOffer {
  const found = record.value === null ? 'failed' : `${goal.label} ${formatNumber(record.value, 3)}`
  return {
    title: `Trial ${record.number + 1}: ${found}`,
    text: `as ${learner.node.title.toLowerCase()} with these settings`,
    node: { type: learner.node.type, params: offer(record) },
  }
}

/** What the learner's own node tells of its model. */
async function learnerBlocks({ model, plan, context }: Told): Promise<readonly ReportBlock[]> {
  const { node } = plan.learner
  const rest = model.metrics.filter(({ name }) => !name.startsWith('search.'))
  const own = {
    inputs: {},
    outputs: { model: { ...model, metrics: rest } },
    hashes: {},
    params: model.learner.params as never,
    context,
  }
  return (await node.report?.(own)) ?? []
}

export function tuneCard(model: Model, trials: number): CardFact {
  const found = model.metrics.find(({ name }) => name.startsWith('search.'))
  const label = found?.label.split(' of the best')[0] ?? ''
  return { text: `**${label} ${formatNumber(found?.value ?? null, 3)}**, best of ${formatInteger(trials)} trials` }
}
