/** What a node begins as, in the program or in a project: one that works, to be changed bit by bit. */
export function newNodeSource(type: string): string {
  const name = type.split('/')[1]!
  const title = name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ')
  return `import { z } from 'zod'
import { defineNode, type Frame } from '#contract'
import { takeRows } from '#ml/frame'

/** The first rows of a table, all when it has fewer. */
export function firstRows(frame: Frame, rows: number): Frame {
  const kept = Math.min(rows, frame.rows)
  return takeRows(
    frame,
    Uint32Array.from({ length: kept }, (_, row) => row),
  )
}

export default defineNode({
  type: '${type}',
  version: 1,
  title: '${title}',
  doc: 'Keeps the first rows of a table. Replace this text: say what the node does, for whom, and where its formula is from.',
  keywords: [],
  inputs: { table: { type: 'table', doc: 'Rows to keep from' } },
  outputs: { table: { type: 'table', doc: 'The rows that were kept' } },
  params: z.object({
    rows: z.int().min(1).default(100).meta({ title: 'Rows', description: 'How many rows to keep', unit: 'rows' }),
  }),
  infer: async ({ inputs }) => ({ table: { columns: inputs.table.columns ?? [] } }),
  run: async ({ inputs, params, context }) => {
    const frame = await context.tables.read(inputs.table)
    context.progress(0.5)
    const table = await context.tables.write(firstRows(frame, params.rows))
    context.progress(1)
    return { table }
  },
  card: ({ outputs }) => ({ text: \`**\${outputs.table.rows}** rows\` }),
})
`
}

/** A pipeline that runs it on an example table. */
export function newNodeExample(type: string): string {
  const id = type.split('/')[1]!
  const document = {
    format: 1,
    name: `Example of ${type}`,
    description: '',
    seed: 1,
    nodes: { [id]: { type, version: 1, params: {} }, rows: { type: 'data/example', version: 1, params: {} } },
    edges: [{ from: 'rows.table', to: `${id}.table` }],
    inputs: {},
    layout: { [id]: [260, 0], rows: [0, 0] },
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
