import { appendFileSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { type AnyNode, defineNode, type Evaluation, type Hash, ProblemError, type Table } from '#contract'

/** A small catalogue for the tests of this room: quick steps over text blobs, and steps that misbehave. */

const columns = [{ name: 'line', type: 'text', nullable: false }] as const
const table = (data: Hash, rows: number): Table => ({ kind: 'table', rows, columns, data })
const lines = (bytes: Uint8Array) => Buffer.from(bytes).toString('utf8').split('\n').filter(Boolean)

/** Steps leave a mark per execution, so that tests can count them. */
function mark(folder: string, name: string): void {
  if (folder !== '') appendFileSync(path.join(folder, 'executed.txt'), `${name}\n`)
}
const marks = z.string().default('').meta({ title: 'Folder for marks' })

const read = defineNode({
  type: 'test/read',
  version: 1,
  title: 'Read',
  doc: 'Reads the lines of a file. For tests.',
  inputs: {},
  outputs: { table: { type: 'table', doc: 'Lines.' } },
  params: z.object({
    path: z.string().default('lines.txt').meta({ title: 'File', widget: 'file' }),
    folder: z.string().default('').meta({ title: 'Project folder' }),
    marks,
  }),
  sources: (params) => [params.path],
  infer: async () => ({ table: { columns } }),
  run: async ({ params, context }) => {
    mark(params.marks, 'read')
    const bytes = readFileSync(path.join(params.folder, params.path))
    return { table: table(await context.blobs.put(bytes), lines(bytes).length) }
  },
  card: ({ outputs }) => ({ text: `**${outputs.table.rows}** lines` }),
  report: async ({ outputs }) => [{ block: 'text', text: `${outputs.table.rows} lines` }],
})

const slowRead = defineNode({
  ...read,
  type: 'test/slow-read',
  run: async ({ params, context }) => {
    const bytes = readFileSync(path.join(params.folder, params.path))
    for (let waited = 0; waited < 400; waited += 20) {
      context.progress(waited / 400)
      await pause(20)
    }
    return { table: table(await context.blobs.put(bytes), lines(bytes).length) }
  },
})

const change = defineNode({
  type: 'test/change',
  version: 1,
  title: 'Change',
  doc: 'Adds a suffix to each line. For tests.',
  inputs: { table: { type: 'table', doc: 'Lines.' } },
  outputs: { table: { type: 'table', doc: 'Changed lines.' } },
  params: z.object({
    suffix: z.string().default('').meta({ title: 'Suffix' }),
    pauseMs: z.number().default(0).meta({ title: 'Pause' }),
    copies: z.number().default(1).meta({ title: 'Blobs written before the result' }),
    marks,
  }),
  infer: async () => ({ table: { columns } }),
  run: async ({ inputs, params, context }) => {
    mark(params.marks, `change${params.suffix}`)
    const old = lines(await context.blobs.get(inputs.table.data))
    for (let copy = 1; copy < params.copies; copy++)
      await context.blobs.put(Buffer.from(`half ${copy} ${params.suffix}`))
    for (let waited = 0; waited < params.pauseMs; waited += 20) {
      context.progress(waited / params.pauseMs)
      await pause(20)
    }
    const text = old.map((line) => `${line}${params.suffix}\n`).join('')
    return { table: table(await context.blobs.put(Buffer.from(text)), old.length) }
  },
})

const count = defineNode({
  type: 'test/count',
  version: 1,
  title: 'Count',
  doc: 'Counts the lines of many tables. For tests.',
  inputs: { tables: { type: 'table', doc: 'Tables.', many: true } },
  outputs: { evaluation: { type: 'evaluation', doc: 'Counts.' } },
  params: z.object({ marks }),
  infer: async () => ({ evaluation: {} }),
  run: async ({ inputs, hashes, params, context }): Promise<{ evaluation: Evaluation }> => {
    mark(params.marks, 'count')
    context.log('counting')
    const rows = inputs.tables.reduce((sum, one) => sum + one.rows, 0)
    const metric = { name: 'lines', label: 'Lines', value: rows, n: rows, better: 'neither' } as const
    return {
      evaluation: {
        kind: 'evaluation',
        subject: 'performance',
        table: hashes.tables[0]!,
        split: 'all',
        rows,
        metrics: [metric],
      },
    }
  },
})

const judge = defineNode({
  type: 'test/judge',
  version: 1,
  title: 'Judge',
  doc: 'Gives the verdict it is told to. For tests.',
  inputs: { evaluation: { type: 'evaluation', doc: 'What is judged.' } },
  outputs: { release: { type: 'release', doc: 'The verdict.' } },
  params: z.object({ verdict: z.enum(['pass', 'fail', 'wait']).default('pass').meta({ title: 'Verdict' }) }),
  infer: async () => ({ release: {} }),
  run: async ({ params }) => ({
    release: { kind: 'release', verdict: params.verdict, sentence: 'As told.', checks: [] },
  }),
})

const act = defineNode({
  type: 'test/act',
  version: 1,
  title: 'Act',
  doc: 'Acts on the world: leaves a mark. For tests.',
  inputs: { release: { type: 'release', doc: 'Must pass.' } },
  outputs: { release: { type: 'release', doc: 'The same.' } },
  params: z.object({ marks }),
  effect: true,
  infer: async () => ({ release: {} }),
  run: async ({ inputs, params }) => {
    mark(params.marks, 'act')
    return { release: inputs.release }
  },
})

const report = defineNode({
  type: 'test/report',
  version: 1,
  title: 'Report',
  doc: 'A page about an evaluation. For tests.',
  inputs: { evaluation: { type: 'evaluation', doc: 'What it is about.' } },
  outputs: { report: { type: 'report', doc: 'The page.' } },
  params: z.object({}),
  infer: async () => ({ report: {} }),
  run: async ({ inputs, hashes }) => ({
    report: {
      kind: 'report',
      title: 'Lines counted',
      subtitle: '',
      blocks: [{ block: 'text', text: `${inputs.evaluation.rows} lines` }],
      ...(hashes.evaluation ? { evaluation: hashes.evaluation } : {}),
    },
  }),
})

const misbehave = defineNode({
  type: 'test/misbehave',
  version: 1,
  title: 'Misbehave',
  doc: 'Ends its process, never ends, or refuses. For tests.',
  inputs: { table: { type: 'table', doc: 'Lines.' } },
  outputs: { table: { type: 'table', doc: 'The same lines.' } },
  params: z.object({
    how: z
      .enum(['kill', 'exit', 'loop', 'refuse', 'crash', 'nonsense', 'heap'])
      .default('refuse')
      .meta({ title: 'How' }),
  }),
  infer: async () => ({ table: { columns } }),
  run: async ({ inputs, params, context }) => {
    await context.blobs.put(Buffer.from('half done'))
    context.progress(0.1)
    if (params.how === 'kill') process.kill(process.pid, 'SIGKILL')
    if (params.how === 'exit') process.exit(7)
    while (params.how === 'loop') Math.random()
    if (params.how === 'crash') throw new Error('a plain error')
    if (params.how === 'nonsense') return { table: { kind: 'model' } as unknown as Table }
    const hoard: unknown[] = []
    while (params.how === 'heap') hoard.push(new Array(100_000).fill(hoard.length).map(String))
    if (params.how === 'refuse')
      throw new ProblemError({ code: 'data-bad', message: 'These lines can not be used.', fix: 'Choose others.' })
    return { table: inputs.table }
  },
})

const patient = defineNode({
  type: 'test/patient',
  version: 1,
  title: 'Patient',
  doc: 'Counts slowly, shows how far it is, goes on where it was and ends early when asked. For tests.',
  inputs: {},
  outputs: { evaluation: { type: 'evaluation', doc: 'How far it came.' } },
  params: z.object({ marks, rounds: z.number().default(400).meta({ title: 'Rounds' }) }),
  infer: async () => ({ evaluation: {} }),
  run: async ({ params, context }) => {
    const kept = await context.checkpoint.read()
    const crew = context.crew<{ add: number }, number, number>({
      module: new URL('./testing-member.ts', import.meta.url),
      setup: { add: 1 },
    })
    let round = kept ? Number(Buffer.from(kept)) : 0
    mark(params.marks, `from ${round > 0 ? 'checkpoint' : 'start'}`)
    for (; round < params.rounds && !context.signal.finishing; round = await crew.assign(round)) {
      context.show([{ block: 'text', text: `${round} rounds` }])
      context.progress(round / params.rounds)
      await context.checkpoint.write(Buffer.from(String(round)))
      await pause(5)
    }
    await crew.close()
    const evaluation: Evaluation = {
      kind: 'evaluation',
      subject: 'performance',
      table: '0'.repeat(64) as Hash,
      split: 'all',
      rows: round,
      metrics: [],
    }
    return { evaluation }
  },
  card: ({ outputs }) => ({ text: `${outputs.evaluation.rows} rounds` }),
})

const csv = defineNode({
  type: 'test/csv',
  version: 1,
  title: 'CSV',
  doc: 'Reads a real CSV file. For tests.',
  inputs: {},
  outputs: { table: { type: 'table', doc: 'Rows.' } },
  params: z.object({ path: z.string().default('rows.csv').meta({ title: 'File', widget: 'file' }) }),
  sources: (params) => [params.path],
  infer: async ({ params, context }) => ({ table: { columns: (await context.peek(params.path, {})).columns } }),
  run: async ({ params, context }) => ({ table: (await context.tables.ingest(params.path, {})).table }),
})

export const catalogue: readonly AnyNode[] = [
  act,
  change,
  count,
  csv,
  judge,
  misbehave,
  patient,
  read,
  report,
  slowRead,
]
