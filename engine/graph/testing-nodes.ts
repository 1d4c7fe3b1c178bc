import { z } from 'zod'
import { type AnyNode, defineNode, type JsonValue, type PipelineDocument } from '#contract'

/** A small catalogue for the tests of this room: a source, a step over columns, a learner, a collector. */

const columns = [
  { name: 'income', type: 'number', nullable: true },
  { name: 'age_group', type: 'text', nullable: false, role: 'protected' },
  { name: 'approved', type: 'boolean', nullable: false, role: 'target' },
] as const

const source = defineNode({
  type: 'data/source',
  version: 1,
  title: 'Source',
  doc: 'Gives three columns. Nothing more.',
  inputs: {},
  outputs: { table: { type: 'table', doc: 'The table.' } },
  params: z.object({ path: z.string().default('').meta({ title: 'File', widget: 'file' }) }),
  infer: async () => ({ table: { columns } }),
  run: async () => {
    throw new Error('never run')
  },
})

const pick = defineNode({
  type: 'prepare/pick',
  version: 3,
  title: 'Pick',
  doc: 'Keeps some columns. Nothing more.',
  inputs: { table: { type: 'table', doc: 'Rows to pick from.' } },
  outputs: { table: { type: 'table', doc: 'The picked columns.' } },
  params: z.object({
    keep: z.array(z.string()).default([]).meta({ title: 'Columns', widget: 'columns' }),
    by: z
      .string()
      .default('')
      .meta({ title: 'By', widget: 'column', types: ['number'], when: { mode: ['one'] } }),
    mode: z.enum(['all', 'one']).default('all').meta({ title: 'Mode' }),
    limit: z.int().min(1).max(10).default(5).meta({ title: 'Limit' }),
    rules: z
      .array(z.object({ column: z.string().meta({ title: 'Column', widget: 'column' }), value: z.string() }))
      .default([])
      .meta({ title: 'Rules', widget: 'rows' }),
  }),
  infer: async ({ inputs, params }) => ({
    table: {
      columns: inputs.table.columns!.filter((column) => params.keep.length === 0 || params.keep.includes(column.name)),
    },
  }),
  run: async () => {
    throw new Error('never run')
  },
  migrate: {
    1: ({ columns: keep, ...rest }) => ({ ...rest, keep: keep as JsonValue }),
    2: ({ max, ...rest }) => ({ ...rest, limit: max as JsonValue }),
  },
})

const learn = defineNode({
  type: 'train/learn',
  version: 1,
  title: 'Learn',
  doc: 'Learns. Nothing more.',
  keywords: ['logistic'],
  inputs: {
    table: { type: 'table', doc: 'Training rows.' },
    preparation: { type: 'model', doc: 'Preparation.', optional: true },
  },
  outputs: { model: { type: 'model', doc: 'The model.' } },
  params: z.object({ target: z.string().default('').meta({ title: 'Target', widget: 'column' }) }),
  infer: async ({ inputs, params }) => {
    const target = inputs.table.columns!.find((column) =>
      params.target ? column.name === params.target : column.role === 'target',
    )
    if (target) return { model: { purpose: 'binary', target: target.name } }
    return [
      {
        code: 'role-missing',
        message: 'No column is the target.',
        path: ['params', 'target'],
        fix: 'Choose the target.',
      },
    ]
  },
  run: async () => {
    throw new Error('never run')
  },
})

const gather = defineNode({
  type: 'release/gather',
  version: 1,
  title: 'Gather',
  doc: 'Takes any number of models. Nothing more.',
  inputs: { models: { type: 'model', doc: 'Models.', many: true } },
  outputs: { release: { type: 'release', doc: 'The verdict.' } },
  params: z.object({}),
  infer: async () => ({ release: {} }),
  run: async () => {
    throw new Error('never run')
  },
})

export const testingNodes: readonly AnyNode[] = [source, pick, learn, gather]

export const noFiles = {
  peek: async () => ({ columns: [] }),
  describe: async () => [],
}

type Node = {
  readonly type: string
  readonly version?: number
  readonly title?: string
  readonly params?: Record<string, JsonValue>
}

/** A document of these nodes and wires ("a.table b.table"). */
export function pipeline(
  nodes: Readonly<Record<string, Node>>,
  wires: readonly string[] = [],
  more: Partial<PipelineDocument> = {},
): PipelineDocument {
  return {
    format: 1,
    name: 'Test',
    description: '',
    seed: 1,
    nodes: Object.fromEntries(
      Object.entries(nodes).map(([id, node]) => [
        id,
        { version: node.type === 'prepare/pick' ? 3 : 1, params: {}, ...node },
      ]),
    ) as PipelineDocument['nodes'],
    edges: wires.map((wire) => {
      const [from, to] = wire.split(' ')
      return { from: from!, to: to! }
    }),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
    ...more,
  }
}
