import { z } from 'zod'
import { type Column, type ColumnRole, defineNode, type Frame } from '#contract'
import { loanRoles, sampleLoans } from '#ml/sample/loans'
import { priceRoles, samplePrices } from '#ml/sample/prices'
import { formatCount, formatInteger } from '#report/format-number'

const sets = {
  loans: { frame: (rows: number, seed: number) => sampleLoans({ rows, seed }).frame, roles: loanRoles },
  prices: { frame: (rows: number, seed: number) => samplePrices({ rows, seed }), roles: priceRoles },
} as const
type SetName = keyof typeof sets

function withRole(column: Column, roles: Readonly<Record<string, ColumnRole>>): Column {
  const { name, type, nullable } = column
  const role = roles[name]
  return role === undefined ? { name, type, nullable } : { name, type, nullable, role }
}

function makeFrame(set: SetName, rows: number, seed: number): Frame {
  const frame = sets[set].frame(rows, seed)
  return {
    rows: frame.rows,
    columns: frame.columns.map((column) => ({ ...withRole(column, sets[set].roles), cells: column.cells })),
  }
}

const columnsOf = (set: SetName) => makeFrame(set, 1, 1).columns.map((column) => withRole(column, sets[set].roles))

const told: Readonly<Record<SetName, string>> = {
  loans:
    'Who is approved follows a logistic model on sound reasons, plus a planted penalty of 1.2 log-odds on everyone aged 60 or more. The postcode has no effect of its own but tells age; savings are missing more often where the answer was no, income is low or savings are small.',
  prices: 'Prices are linear in the columns, with normal noise whose spread grows with the area.',
}

export default defineNode({
  type: 'data/example',
  version: 1,
  title: 'Example data',
  doc: `A synthetic table whose truth is known, for learning the tool and for checking that it finds what is there. The same seed gives the same rows on any machine, and a longer table begins with the shorter one.

**Loans** are loan applications with a planted bias against people aged 60 or more, a proxy column (the postcode) and values missing not at random. The true coefficients stand in the documentation of the example. **Prices** are flats with a numeric target. Numbers come from xoshiro128** (Blackman & Vigna, *ACM TOMS* 47, 2021) under the pipeline's seed.`,
  keywords: ['sample', 'synthetic', 'demo', 'loans', 'prices', 'generate'],
  inputs: {},
  outputs: { table: { type: 'table', doc: 'The rows, with their roles set.' } },
  params: z.object({
    set: z.enum(['loans', 'prices']).default('loans').meta({
      title: 'Set',
      description: 'Loans has a yes/no target and groups to protect, prices a numeric target.',
    }),
    rows: z.int().min(1).max(2_000_000).default(10_000).meta({
      title: 'Rows',
      description: 'How many rows to draw.',
      unit: 'rows',
    }),
  }),
  async infer({ params }) {
    return { table: { columns: columnsOf(params.set), rows: params.rows } }
  },
  async run({ params, context }) {
    context.progress(0.1, `drawing ${formatCount(params.rows, 'row')}`)
    const frame = makeFrame(params.set, params.rows, context.seed)
    context.progress(0.8)
    const table = await context.tables.write(frame)
    context.progress(1)
    return { table }
  },
  card: ({ outputs, params }) => ({
    text: `**${formatInteger(outputs.table.rows)}** rows × ${outputs.table.columns.length} · ${params.set}`,
  }),
  async report({ outputs, params }) {
    return [
      { block: 'heading', text: `Example data: ${params.set}`, note: formatCount(outputs.table.rows, 'row') },
      { block: 'text', text: told[params.set] },
      {
        block: 'table',
        title: 'Columns',
        columns: ['Column', 'Type', 'Role'],
        rows: outputs.table.columns.map(({ name, type, role }) => [name, type, role ?? 'feature']),
      },
    ]
  },
})
