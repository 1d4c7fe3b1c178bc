import { type Hash, ProblemError, type RowTrace, type StepPort, type TracedRow } from '#contract'
import { findTableStep, type TableStep } from './lineage-steps.ts'
import type { TableViewer } from './table-viewer.ts'
import { matchingOf, type WireShop } from './wire-facts.ts'

type Shop = WireShop & { readonly viewer: Pick<TableViewer, 'page'> }
type Cells = TracedRow['cells']
type Origin = { readonly at: StepPort; readonly row: number; readonly match: NonNullable<TracedRow['match']> }

/** Follows one row of a table back through every step, as far as its cells or its place tell where it was before. */
export async function traceRow(shop: Shop, a: { table: Hash; row: number } & Partial<StepPort>): Promise<RowTrace> {
  const steps: TracedRow[] = []
  let step: TableStep = await findTableStep(shop.store, a)
  let row = Math.floor(a.row)
  if (!(row >= 0 && row < step.table.rows)) throw noRow(row, step.table.rows)
  for (;;) {
    const origin = await originOf(shop, step, row)
    steps.push(await tracedRow(shop, step, row, origin))
    if (!origin) return { steps }
    row = origin.row
    step = await findTableStep(shop.store, origin.at)
  }
}

function noRow(row: number, rows: number): ProblemError {
  return new ProblemError({
    code: 'not-found',
    message: `The table has ${rows} rows, and none with the number ${row + 1}.`,
    fix: 'Choose a row of the table.',
  })
}

/** Where a row was before its step; undefined where no table at the inputs has it. */
async function originOf(shop: Shop, step: TableStep, row: number): Promise<Origin | undefined> {
  const { findRow } = await import('#compute/find-row')
  for (const { at, table } of step.inputs) {
    const pair = { before: table, after: step.table }
    const matching = await matchingOf(shop, pair)
    if (!matching) continue
    const found = await shop.wireTables.ask((session) => findRow(session, shop.store.files, pair, { matching, row }))
    if (found) return { at, row: found.row, match: { ...matching, among: found.among } }
  }
  return undefined
}

async function tracedRow(shop: Shop, step: TableStep, row: number, origin: Origin | undefined): Promise<TracedRow> {
  const { at, title, type, hash, table, files } = step
  const own = await readRow(shop, hash, row)
  const input = origin && step.inputs.find((one) => one.at === origin.at)
  const old = origin && input ? await readRow(shop, input.hash, origin.row) : undefined
  const was = new Map(old?.map((cell) => [cell.column.name, cell]))
  const names = new Set(own.map(({ column }) => column.name))
  return {
    node: at.node,
    title,
    nodeType: type,
    port: at.port,
    table: hash,
    row,
    rows: table.rows,
    cells: old ? own.map((cell) => changedCell(cell, was.get(cell.column.name))) : own,
    removed: (old ?? []).flatMap(({ column, value }) => (names.has(column.name) ? [] : [{ column, value }])),
    files,
    ...(origin ? { match: origin.match } : { end: await endOf(shop, step) }),
  }
}

function changedCell(cell: Cells[number], old: Cells[number] | undefined): Cells[number] {
  if (!old) return { ...cell, change: 'added' }
  if (old.value === cell.value && old.column.type === cell.column.type) return cell
  return { ...cell, change: 'changed', was: old.value }
}

async function endOf(shop: Shop, { inputs, table }: TableStep): Promise<NonNullable<TracedRow['end']>> {
  if (inputs.length === 0) return 'source'
  const matchings = await Promise.all(inputs.map((input) => matchingOf(shop, { before: input.table, after: table })))
  return matchings.some(Boolean) ? 'changed' : 'made-here'
}

async function readRow({ viewer }: Shop, table: Hash, row: number): Promise<Cells> {
  const { columns, rows } = await viewer.page({ table, offset: row, limit: 1 })
  return columns.map((column, index) => ({ column, value: rows[0]![index] ?? null, change: 'kept' }))
}
