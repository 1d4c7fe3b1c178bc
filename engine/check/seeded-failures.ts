import { writeFileSync } from 'node:fs'
import path from 'node:path'
import type { JsonValue, PipelineDocument } from '#contract'

/** A mistake put into a pipeline that works. */
export interface SeededFailure {
  readonly name: string
  /** The node that must be named. */
  readonly node: string
  /** Told by a check; the others show in a run only. */
  readonly before: boolean
  seed(document: PipelineDocument, folder: string): PipelineDocument
}

type Params = Record<string, JsonValue>
const node = (type: string, params: Params = {}) =>
  ({ type, version: 1, params }) as unknown as PipelineDocument['nodes'][string]

/** Reads, checks, splits, prepares, learns, judges and gates people from a file. */
export const soundPipeline: PipelineDocument = {
  format: 1,
  name: 'People',
  description: '',
  seed: 1,
  nodes: {
    read: node('data/read-file', { path: 'people.csv' }),
    schema: node('data/infer-schema', { target: 'approved', protected: ['age_group'], id: 'person' }),
    validate: node('data/validate-schema'),
    split: node('data/split'),
    prepare: node('prepare/prepare'),
    learn: node('train/linear'),
    baseline: node('train/baseline'),
    evaluate: node('assess/evaluate'),
    audit: node('fairness/audit'),
    gate: node('release/gate', { checks: [{ metric: 'accuracy', operator: '>=', limit: 0.1, label: '' }] }),
  },
  edges: [
    { from: 'read.table', to: 'schema.table' },
    { from: 'read.table', to: 'validate.table' },
    { from: 'schema.schema', to: 'validate.schema' },
    { from: 'validate.table', to: 'split.table' },
    { from: 'split.table', to: 'prepare.table' },
    { from: 'split.table', to: 'learn.table' },
    { from: 'split.table', to: 'baseline.table' },
    { from: 'prepare.preparation', to: 'learn.preparation' },
    { from: 'split.table', to: 'evaluate.table' },
    { from: 'learn.model', to: 'evaluate.model' },
    { from: 'baseline.model', to: 'evaluate.baseline' },
    { from: 'split.table', to: 'audit.table' },
    { from: 'learn.model', to: 'audit.model' },
    { from: 'evaluate.evaluation', to: 'gate.evaluation' },
  ],
  inputs: {},
  layout: Object.fromEntries(
    ['read', 'schema', 'validate', 'split', 'prepare', 'learn', 'baseline', 'evaluate', 'audit', 'gate'].map(
      (id, index) => [id, [240 * index, 0] as [number, number]],
    ),
  ),
  frames: [],
  notes: [],
}

export function writePeople(folder: string): void {
  const lines = Array.from({ length: 240 }, (_, row) => {
    const income = 1_000 + ((row * 37) % 500)
    return [
      `p${row}`,
      income,
      row % 3 === 0 ? 'old' : 'young',
      row % 97,
      (row * 7) % 11 < 5 ? 'yes' : 'no',
      2_020 + (row % 4),
      ['north', 'south', 'west'][row % 3]!,
    ]
  })
  write(folder, 'people.csv', lines)
}

function write(folder: string, name: string, lines: readonly (readonly (string | number)[])[]): void {
  const head = 'person,income,age_group,debt,approved,year,city'
  writeFileSync(path.join(folder, name), `${[head, ...lines.map((line) => line.join(','))].join('\n')}\n`)
}

const changed = (document: PipelineDocument, id: string, params: Params): PipelineDocument => ({
  ...document,
  nodes: {
    ...document.nodes,
    [id]: { ...document.nodes[id]!, params: { ...document.nodes[id]!.params, ...params } as never },
  },
})
const typed = (document: PipelineDocument, id: string, type: string, params: Params = {}): PipelineDocument => ({
  ...document,
  nodes: { ...document.nodes, [id]: node(type, params) },
})
const rewired = (
  document: PipelineDocument,
  gone: readonly string[],
  added: readonly string[] = [],
): PipelineDocument => ({
  ...document,
  edges: [
    ...document.edges.filter(({ from, to }) => !gone.includes(`${from} ${to}`)),
    ...added.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
  ],
})
const asserted = (document: PipelineDocument, to: string, metric: string, limit: number, column?: string) => ({
  ...document,
  edges: document.edges.map((edge) =>
    edge.to === to
      ? { ...edge, assertions: [{ metric, operator: '>=' as const, limit, ...(column ? { column } : {}) }] }
      : edge,
  ),
})

const early = (name: string, at: string, seed: SeededFailure['seed']): SeededFailure => ({
  name,
  node: at,
  before: true,
  seed,
})
const late = (name: string, at: string, seed: SeededFailure['seed']): SeededFailure => ({
  name,
  node: at,
  before: false,
  seed,
})

export const seededFailures: readonly SeededFailure[] = [
  early('a file name with a slip', 'read', (d) => changed(d, 'read', { path: 'poeple.csv' })),
  early('a file in capitals', 'read', (d) => changed(d, 'read', { path: 'PEOPLE.CSV' })),
  early('no file at all', 'read', (d) => changed(d, 'read', { path: '' })),
  early('a format the file does not have', 'read', (d) => changed(d, 'read', { format: 'parquet' })),
  early('a target that is not there', 'schema', (d) => changed(d, 'schema', { target: 'aproved' })),
  early('a protected column that is not there', 'schema', (d) => changed(d, 'schema', { protected: ['age_grup'] })),
  early('an identifier that is not there', 'schema', (d) => changed(d, 'schema', { id: 'persons' })),
  early('an override of a column that is not there', 'schema', (d) =>
    changed(d, 'schema', { overrides: [{ column: 'incom', max: 5_000 }] }),
  ),
  early('a split by a column that is not there', 'split', (d) => changed(d, 'split', { by: 'aproved' })),
  early('a split by groups without a column', 'split', (d) => changed(d, 'split', { method: 'grouped' })),
  early('a split in time without a time', 'split', (d) => changed(d, 'split', { method: 'time' })),
  early('a split of one fold', 'split', (d) => changed(d, 'split', { folds: 1 })),
  early('shares that are all nothing', 'split', (d) => changed(d, 'split', { train: 0, validation: 0, test: 0 })),
  early('a share below nothing', 'split', (d) => changed(d, 'split', { train: -1 })),
  early('a share as a word', 'split', (d) => changed(d, 'split', { train: 'most' })),
  early('a method with a slip', 'split', (d) => changed(d, 'split', { method: 'stratifyed' })),
  early('a parameter with a slip', 'split', (d) => changed(d, 'split', { fold: 5 })),
  early('a parameter of another tool', 'learn', (d) => changed(d, 'learn', { n_estimators: 100 })),
  early('a target of the learner that is not there', 'learn', (d) => changed(d, 'learn', { target: 'aproved' })),
  early('no table for the split', 'split', (d) => rewired(d, ['validate.table split.table'])),
  early('no schema for the validation', 'validate', (d) => rewired(d, ['schema.schema validate.schema'])),
  early('no model to evaluate', 'evaluate', (d) => rewired(d, ['learn.model evaluate.model'])),
  early('nothing to gate', 'gate', (d) => rewired(d, ['evaluate.evaluation gate.evaluation'])),
  early('a wire of another type', 'validate', (d) =>
    rewired(d, ['schema.schema validate.schema'], ['read.table validate.schema']),
  ),
  early('a wire into a port with a slip', 'learn', (d) =>
    rewired(d, ['split.table learn.table'], ['split.table learn.tabel']),
  ),
  early('a wire from a port that is not there', 'split', (d) =>
    rewired(d, ['split.table prepare.table'], ['split.train prepare.table']),
  ),
  early('two wires into an input for one', 'learn', (d) => rewired(d, [], ['validate.table learn.table'])),
  early('wires that form a circle', 'split', (d) =>
    rewired(d, ['read.table validate.table'], ['split.table validate.table']),
  ),
  early('a node type with a slip', 'learn', (d) => typed(d, 'learn', 'train/linaer')),
  early('a node type of another family', 'audit', (d) => typed(d, 'audit', 'assess/audit')),
  early('a figure that no table has', 'split', (d) => asserted(d, 'split.table', 'row', 10)),
  early('an assertion of a column that is not there', 'split', (d) => asserted(d, 'split.table', 'mean', 10, 'incme')),
  early('an assertion about numbers of words', 'split', (d) => asserted(d, 'split.table', 'mean', 10, 'age_group')),
  early('a figure that the evaluation has not', 'gate', (d) => asserted(d, 'gate.evaluation', 'acuracy', 0.5)),
  early('the same limit twice', 'gate', (d) =>
    changed(d, 'gate', {
      checks: [0.1, 0.2].map((limit) => ({ metric: 'accuracy', operator: '>=', limit, label: '' })),
    }),
  ),
  late('too few rows on a wire', 'split', (d) => asserted(d, 'split.table', 'rows', 10_000)),
  late('a gate on a figure with a slip', 'gate', (d) =>
    changed(d, 'gate', { checks: [{ metric: 'acuracy', operator: '>=', limit: 0.1, label: '' }] }),
  ),
  late('a favourable outcome that does not occur', 'schema', (d) => changed(d, 'schema', { favourable: 'ja' })),
  late('most rows break the schema', 'validate', (d) =>
    changed(d, 'schema', { overrides: [{ column: 'income', max: 1_100 }] }),
  ),
  late('a target of one value', 'learn', (d, folder) => {
    write(
      folder,
      'constant.csv',
      Array.from({ length: 60 }, (_, row) => [`p${row}`, row, row % 2 ? 'old' : 'young', row, 'yes', 2_020, 'north']),
    )
    return changed(d, 'read', { path: 'constant.csv' })
  }),
  late('a split that says something else', 'split', (d) => changed(d, 'split', { method: 'existing', by: 'city' })),
  late('no row to learn from', 'prepare', (d) => changed(d, 'split', { train: 0 })),
]
