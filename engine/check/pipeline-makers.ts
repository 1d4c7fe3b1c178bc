import type { JsonValue, PipelineDocument } from '#contract'
import type { Random } from '#ml/random/random'

/** Seeded pipelines over CSV files, whole or with one mistake, for the tests of lint. */
export interface MadePipeline {
  readonly document: PipelineDocument
  /** Text of `rows.csv`, which the pipeline reads. */
  readonly csv: string
}

export const mistakes = {
  'fit-before-split': 'prepared before the split',
  'no-split': 'no split at all',
  'judged-on-known-rows': 'training rows judged',
  'future-leak': 'split at random though rows have a time',
  'protected-input': 'a protected column decides',
  'proxy-input': 'a proxy decides',
  'target-leak': 'a column from after the outcome',
  'identifier-input': 'an identifier as a feature',
  'imbalance-metric': 'accuracy alone',
  'no-baseline': 'nothing to compare with',
} as const
export type Mistake = keyof typeof mistakes

interface Story {
  readonly target: string
  readonly features: readonly string[]
  readonly protected: readonly string[]
  readonly id: string
  readonly aftermath: readonly string[]
}

const stories: readonly Story[] = [
  {
    target: 'approved',
    features: ['income', 'debt_ratio', 'employment', 'years_at_job', 'savings', 'loan_amount'],
    protected: ['age_group', 'sex'],
    id: 'applicant_id',
    aftermath: ['decision_date', 'approved_amount', 'settlement'],
  },
  {
    target: 'churned',
    features: ['tenure_months', 'monthly_charge', 'contract', 'support_calls', 'data_usage'],
    protected: ['gender'],
    id: 'customerId',
    aftermath: ['churned_on', 'final_bill', 'retention_outcome'],
  },
  {
    target: 'hired',
    features: ['experience', 'test_score', 'education', 'distance', 'languages'],
    protected: ['ethnicity', 'disability'],
    id: 'id',
    aftermath: ['hired_salary', 'interview_result', 'final_grade'],
  },
]
const proxies = ['postcode', 'ZipCode', 'surname', 'first_name', 'place_of_birth']

/** Without a mistake it is a pipeline nothing can be said against. */
export function makePipeline(random: Random, mistake?: Mistake): MadePipeline {
  const pick = <T>(from: readonly T[]): T => from[random.integer(from.length)]!
  const story = pick(stories)
  const time = mistake === 'future-leak' || random.uniform() < 0.3
  const odd = mistake === 'proxy-input' ? [pick(proxies)] : mistake === 'target-leak' ? [pick(story.aftermath)] : []
  const exposed = mistake === 'protected-input' ? pick(story.protected) : undefined
  const columns = [story.id, ...story.features, ...story.protected, ...odd, ...(time ? ['month'] : []), story.target]
  const schema: Record<string, JsonValue> = {
    target: story.target,
    protected: story.protected.filter((name) => name !== exposed),
    ...(mistake === 'identifier-input' ? { guess: false } : { id: story.id }),
    ...(time ? { time: 'month' } : {}),
    ...(exposed === undefined ? {} : { guess: false }),
  }
  return {
    document: buildDocument(random, mistake, schema, time),
    csv: csvText(random, columns, story),
  }
}

function csvText(random: Random, columns: readonly string[], story: Story): string {
  const cell = (name: string, row: number): string => {
    if (name === story.id) return String(1_000 + row)
    if (name === story.target) return random.uniform() < 0.4 ? 'yes' : 'no'
    if (name === 'month') return String(row % 24)
    if (story.protected.includes(name)) return ['a', 'b', 'c'][random.integer(3)]!
    if (/employment|contract|education|languages/.test(name)) return ['x', 'y', 'z'][random.integer(3)]!
    return (100 * random.uniform()).toFixed(2)
  }
  const rows = Array.from({ length: 40 }, (_, row) => columns.map((name) => cell(name, row)).join(','))
  return `${[columns.join(','), ...rows].join('\n')}\n`
}

function buildDocument(
  random: Random,
  mistake: Mistake | undefined,
  schema: Record<string, JsonValue>,
  time: boolean,
): PipelineDocument {
  const some = (share: number) => random.uniform() < share
  const nodes: Record<string, PipelineDocument['nodes'][string]> = {}
  const edges: { from: string; to: string }[] = []
  const add = (id: string, type: string, params: Record<string, JsonValue> = {}) => {
    nodes[id] = { type, version: 1, params: params as never }
  }
  const wire = (from: string, to: string) => edges.push({ from, to })
  add('rows', 'data/read-file', { path: 'rows.csv' })
  add('schema', 'data/infer-schema', schema)
  add('checked', 'data/validate-schema')
  wire('rows.table', 'schema.table')
  wire('rows.table', 'checked.table')
  wire('schema.schema', 'checked.schema')
  let table = 'checked.table'
  const early = mistake === 'fit-before-split'
  if (early) {
    add('prepare', 'prepare/prepare')
    wire(table, 'prepare.table')
    table = 'prepare.table'
  }
  if (mistake !== 'no-split') {
    const method = mistake === 'future-leak' ? (some(0.5) ? 'random' : 'stratified') : time ? 'time' : 'stratified'
    add('split', 'data/split', { method })
    wire(table, 'split.table')
    table = 'split.table'
  }
  add('model', 'train/linear', some(0.5) ? { penalty: 2 } : {})
  wire(table, 'model.table')
  if (!early && some(0.5)) {
    add('prepare', 'prepare/prepare')
    wire(table, 'prepare.table')
    wire('prepare.preparation', 'model.preparation')
  }
  add('evaluate', 'assess/evaluate', mistake === 'judged-on-known-rows' ? { rows: some(0.5) ? 'train' : 'all' } : {})
  wire('model.model', 'evaluate.model')
  wire(table, 'evaluate.table')
  if (mistake !== 'no-baseline') {
    add('baseline', 'train/baseline')
    wire(table, 'baseline.table')
    wire('baseline.model', 'evaluate.baseline')
  }
  if (some(0.5)) {
    add('slices', 'assess/slices')
    wire('model.model', 'slices.model')
    wire(table, 'slices.table')
  }
  if (mistake === 'imbalance-metric' || some(0.6)) {
    const metric = mistake === 'imbalance-metric' ? 'accuracy' : some(0.5) ? 'roc_auc' : 'balanced_accuracy'
    add('gate', 'release/gate', { checks: [{ metric, operator: '>=', limit: 0.7, label: '' }] })
    wire('evaluate.evaluation', 'gate.evaluation')
  }
  return {
    format: 1,
    name: 'Made by seed',
    description: '',
    seed: 1,
    nodes,
    edges,
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}
