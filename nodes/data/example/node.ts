import { z } from 'zod'
import { type Column, type ColumnRole, defineNode, type Frame } from '#contract'
import { churnRoles, sampleChurn } from '#ml/sample/churn'
import { imageRoles, sampleImages } from '#ml/sample/images'
import { loanRoles, sampleLoans } from '#ml/sample/loans'
import { priceRoles, samplePrices } from '#ml/sample/prices'
import { sampleTexts, textRoles } from '#ml/sample/texts'
import { formatCount, formatInteger } from '#report/format-number'

const sets = {
  loans: { frame: (rows: number, seed: number) => sampleLoans({ rows, seed }).frame, roles: loanRoles },
  prices: { frame: (rows: number, seed: number) => samplePrices({ rows, seed }), roles: priceRoles },
  churn: { frame: (rows: number, seed: number) => sampleChurn({ rows, seed }).frame, roles: churnRoles },
  images: { frame: (rows: number, seed: number) => sampleImages({ rows, seed }), roles: imageRoles },
  texts: { frame: (rows: number, seed: number) => sampleTexts({ rows, seed }), roles: textRoles },
} as const
type SetName = keyof typeof sets

function withRole(column: Column, roles: Readonly<Record<string, ColumnRole>>): Column {
  const { name, type, nullable, image } = column
  const role = roles[name]
  return { name, type, nullable, ...(role !== undefined && { role }), ...(image && { image }) }
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
  churn:
    'Who leaves follows a logistic model on tenure, contract, fee, service calls and late payments. The refund is a leak: it is paid because somebody has left, so a model must not see it. Age group and region have no effect of their own.',
  images:
    'Grey pictures of 16 × 16 pixels, each with a bar, circle, cross, square or triangle of any place, size and brightness under normal noise.',
  texts:
    'Messages to a help desk on cards, fraud, loans and logins. Four in a hundred do not say their topic, so no model is right about all.',
}

export default defineNode({
  type: 'data/example',
  version: 1,
  title: 'Example data',
  doc: `A synthetic table whose truth is known, for learning the tool and for checking that it finds what is there. The same seed gives the same rows on any machine, and a longer table begins with the shorter one.

**Loans** are loan applications with a planted bias against people aged 60 or more, a proxy column (the postcode) and values missing not at random. The true coefficients stand in the documentation of the example. **Prices** are flats with a numeric target. **Churn** are customers who may leave, with a column that is only known afterwards. **Images** are small pictures of five shapes, **texts** short messages of four topics. Numbers come from xoshiro128** (Blackman & Vigna, *ACM TOMS* 47, 2021) under the pipeline's seed.`,
  keywords: ['sample', 'synthetic', 'demo', 'loans', 'prices', 'churn', 'images', 'texts', 'generate'],
  inputs: {},
  outputs: { table: { type: 'table', doc: 'The rows, with their roles set.' } },
  params: z.object({
    set: z.enum(['loans', 'prices', 'churn', 'images', 'texts']).default('loans').meta({
      title: 'Set',
      description:
        'Loans has a yes/no target and groups to protect, prices a numeric target, churn a leaking column; images and texts are for neural networks.',
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
