import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { createFolderBlobs } from '#compute/blob-files'
import { saveRows } from '#compute/table/save-rows'
import { writeFrame } from '#compute/write-frame'
import { type Column, type FrameColumn, ProblemError } from '#contract'
import { columnFrom, frameOf, type PlainCell } from '#ml/frame-of'
import type { Row } from '#store/database'
import { makeFolder } from '#store/make-folder'
import { openQueue, queueFile, settleCases } from '#store/queue/open-queue'

export interface CaseExport {
  /** Parquet where its name says so, else CSV. */
  readonly out: string
  readonly model?: string
}

/** Writes cases that people decided as labelled rows: the row as it was sent, the decision as the target, and where it comes from. */
export async function exportCases(project: string, { out, model }: CaseExport): Promise<{ readonly rows: number }> {
  const rows = decidedRows(project, model)
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'No case was decided by a person yet.',
      fix: 'Decide some with "plumbline queue decide", or in the room Queue.',
    })
  const models = [...new Set(rows.map((row) => row.model as string))]
  if (models.length > 1)
    throw new ProblemError({
      code: 'not-supported',
      message: `The queue holds cases of several models: ${models.join(', ')}.`,
      fix: 'Name one with --model.',
    })
  const columns = labelledColumns(rows)
  makeFolder(path.dirname(out))
  const temporary = path.join(path.dirname(queueFile(project)), 'temporary', `export-${process.pid}`)
  const blobs = createFolderBlobs(temporary)
  try {
    const table = await writeFrame(blobs, temporary, frameOf(...columns))
    await saveRows(
      { blobs, temporary },
      {
        table,
        columns,
        rows: { first: 0, last: rows.length - 1 },
        file: out,
        format: /\.parquet$/i.test(out) ? 'parquet' : 'csv',
      },
    )
    return { rows: rows.length }
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function decidedRows(project: string, model: string | undefined): readonly Row[] {
  if (!existsSync(queueFile(project))) return []
  const queue = openQueue(queueFile(project))
  try {
    settleCases(queue)
    return queue.db.all(
      `SELECT * FROM cases WHERE state = 'decided' AND decided_by IS NOT NULL AND (? IS NULL OR model = ?) ORDER BY number`,
      ...[model ?? null, model ?? null],
    )
  } finally {
    queue.close()
  }
}

function labelledColumns(rows: readonly Row[]): readonly FrameColumn[] {
  const sent = rows.map((row) => JSON.parse(row.row as string) as Readonly<Record<string, unknown>>)
  const target = (rows[0]!.target as string | null) ?? 'decision'
  const names = [...new Set(sent.flatMap((one) => Object.keys(one)))].filter((name) => name !== target)
  const numbers = rows.every(({ choices }) => choices === null)
  const taken = new Set([...names, target])
  const free = (name: string): string => (taken.has(name) ? free(`${name}_of_case`) : name)
  const text = (name: string, cell: (row: Row) => PlainCell) => columnFrom(free(name), 'text', rows.map(cell))
  const iso = (ms: unknown) => new Date(ms as number).toISOString()
  return [
    ...names.map((name) => sentColumn(name, sent)),
    columnFrom(
      target,
      numbers ? 'number' : 'text',
      rows.map(({ decision }) => (numbers ? Number(decision) : decision!)),
      { role: 'target' },
    ),
    text('case', ({ id }) => id!),
    columnFrom(
      free('model_version'),
      'integer',
      rows.map(({ version }) => version!),
    ),
    text('model_decision', ({ answer }) => answer!),
    columnFrom(
      free('model_score'),
      'number',
      rows.map(({ score }) => score!),
    ),
    text('decided_by', ({ decided_by }) => decided_by!),
    text('decided_at', ({ decided_ms }) => iso(decided_ms)),
  ]
}

/** Numbers and truth values as such where all cells are; anything else as text. */
function sentColumn(name: string, sent: readonly Readonly<Record<string, unknown>>[]): FrameColumn {
  const cells = sent.map((one) => one[name] ?? null)
  const known = cells.filter((cell) => cell !== null)
  const type: Column['type'] = known.every((cell) => typeof cell === 'number')
    ? 'number'
    : known.every((cell) => typeof cell === 'boolean')
      ? 'boolean'
      : 'text'
  const plain = (cell: unknown): PlainCell =>
    cell === null ? null : type === 'text' ? (typeof cell === 'string' ? cell : JSON.stringify(cell)) : (cell as number)
  return columnFrom(name, type, cells.map(plain))
}
