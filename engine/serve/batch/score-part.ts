import type { openParquet } from '#compute/parquet/read-parquet'
import type { Column, Frame, FrameColumn } from '#contract'
import { cellText, takeRows } from '#ml/frame'
import { columnFrom, frameOf } from '#ml/frame-of'
import { batchDrafts, caseId, openBatchCases } from './batch-cases.ts'
import { type BatchSource, lineColumn } from './batch-source.ts'
import type { Work } from './run-batch.ts'
import { scoreRows } from './score-group.ts'
import { type ScoredRow, scoredCells, scoredColumns } from './scored-columns.ts'

/** Columns a batch adds to those that go along. */
export const addedColumns = ({ scorer, order, queue }: Work, carried: readonly Column[]) =>
  scoredColumns(
    scorer.model,
    carried.map(({ name }) => name),
    { reasons: order.reasons === true, people: scorer.automate !== undefined, cases: queue !== undefined },
  )

export interface Part {
  /** Of its file among those of the batch, and of its row group in the file. */
  readonly place: number
  readonly group: number
  readonly source: BatchSource
  readonly carried: readonly Column[]
  readonly file: ReturnType<typeof openParquet>
}

/** Checks and scores a row group, opens the cases of rows that are for people, then keeps the part. */
export async function scorePart(work: Work, { place, group, source, carried, file }: Part): Promise<void> {
  const { scorer, order, folder, queue } = work
  const groupRows = file.groups[group] ?? { start: 0, rows: 0 }
  const read = (column: Column): FrameColumn => ({
    ...column,
    cells: file.groups.length > 0 ? file.readGroup(group, column) : emptyCells(column),
  })
  const whole: Frame = { rows: groupRows.rows, columns: source.columns.map(read) }
  const { kept, rejected } = work.check(whole)
  const rows = kept.length === whole.rows ? whole : takeRows(whole, kept)
  const said = await scoreRows(scorer, rows, order.reasons === true, work.throwIfCancelled)
  const part = `${work.key}/${place}/${group}`
  const drafts = batchDrafts(scorer, rows, said, part)
  const sent = { rows: rows.rows, columns: rows.columns.filter(({ name }) => name !== lineColumn) }
  if (queue && drafts)
    await openBatchCases({ queue, scorer, rows: sent, drafts, part, betweenCalls: work.throwIfCancelled })
  const scored = said.predictions.map((one, row): ScoredRow => {
    const draft = drafts?.[row]
    const why = draft && [...new Set(draft.why.map(({ cause }) => cause))].join(' ')
    return {
      one,
      explained: said.explained?.[row],
      waits: draft && { why: why!, seen: draft.sight === 'before', ...(queue && { case: caseId(part, row) }) },
    }
  })
  const own = carried.map(({ name }) => rows.columns.find((column) => column.name === name)!)
  const cells = scoredCells(addedColumns(work, carried), scored)
  const added = { rows: rows.rows, columns: [...own, ...cells] }
  folder.keepPart(place, group, added, rejectedFrame(whole, rejected, groupRows.start))
}

const emptyCells = ({ name, type }: Column) => columnFrom(name, type, []).cells

/** Rejected rows with their line, their place in the file, why, and their cells as JSON. */
function rejectedFrame(
  frame: Frame,
  rejected: readonly { readonly row: number; readonly reason: string }[],
  start: number,
): Frame {
  const lines = frame.columns.find(({ name }) => name === lineColumn)
  const shown = frame.columns.filter(({ name }) => name !== lineColumn)
  const text = (row: number) =>
    JSON.stringify(Object.fromEntries(shown.map((column) => [column.name, cellText(column, row)])))
  const line = (row: number) => (lines?.cells.kind === 'number' ? lines.cells.values[row]! : null)
  return frameOf(
    columnFrom(
      'line',
      'integer',
      rejected.map(({ row }) => line(row)),
    ),
    columnFrom(
      'row',
      'integer',
      rejected.map(({ row }) => start + row + 1),
    ),
    columnFrom(
      'reason',
      'text',
      rejected.map(({ reason }) => reason),
    ),
    columnFrom(
      'text',
      'text',
      rejected.map(({ row }) => text(row)),
    ),
  )
}
