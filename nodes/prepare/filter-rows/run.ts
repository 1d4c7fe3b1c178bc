import { ProblemError, type RunContext, type Table } from '#contract'
import { takeRows } from '#ml/frame'
import { type FilterParams, keptRows, keptSql, rowTests } from './conditions.ts'
import { checkContent } from './row-numbers.ts'

/** Above so many columns a query over all of them takes longer than the table in memory. */
const wide = 2_000

interface Filtering {
  readonly inputs: { readonly table: Table }
  readonly params: FilterParams
  readonly context: RunContext
}

/** The rows for which the conditions hold and the others, in their order; what is known of columns stays. */
export async function filterRows(a: Filtering): Promise<{ table: Table; others: Table }> {
  const { columns } = a.inputs.table
  const tests = rowTests(a.params, columns)
  const [problem] = tests.flatMap(({ problems }) => problems)
  if (problem) throw new ProblemError(problem)
  checkContent(a.params, a.inputs.table)
  const kept = keptSql(tests, a.params.match)
  const take = columns.length > wide ? await takeInMemory(a) : takeByQuery(a)
  const table = await take(kept, true)
  a.context.progress(0.5)
  const others = await take(`NOT (${kept})`, false)
  a.context.progress(1)
  return { table: { ...table, columns }, others: { ...others, columns } }
}

type Take = (condition: string, holds: boolean) => Promise<Table>

const takeByQuery =
  ({ inputs, context }: Filtering): Take =>
  (condition) =>
    context.tables.query(`SELECT * FROM data WHERE ${condition} ORDER BY __row`, { data: inputs.table })

async function takeInMemory({ inputs: { table: data }, params, context }: Filtering): Promise<Take> {
  const frame = await context.tables.read(data)
  const holding = keptRows(rowTests(params, data.columns), params.match, frame)
  return (_, holds) => {
    const rows = Uint32Array.from(holding.keys()).filter((row) => (holding[row] === 1) === holds)
    return context.tables.write(takeRows(frame, rows))
  }
}
