import type { Column, FrameColumn, Model } from '#contract'
import { columnFrom, type PlainCell } from '#ml/frame-of'
import type { Prediction } from '../answer.ts'
import type { Explained } from '../reasons.ts'

/** Reasons that are written beside a row, the strongest first. */
const writtenReasons = 4

/** What is said of a row. */
export interface ScoredRow {
  readonly one: Prediction
  readonly explained: Explained | undefined
  /** A person decides it: why, whether the model's answer may be seen before that, and the case where one was opened. */
  readonly waits: { readonly why: string; readonly seen: boolean; readonly case?: string } | undefined
}
export interface ScoredColumn {
  readonly column: Column
  cell(row: ScoredRow): PlainCell
}

export interface AddedColumns {
  readonly reasons: boolean
  /** Rows may be for people, with a case each. */
  readonly people: boolean
  readonly cases: boolean
}

/**
 * What a batch adds to its rows: decision and score, of several classes every one's, and the strongest reasons. Where people
 * decide rows those have no decision but say why, and the model's answer stands apart as far as it may be seen.
 */
export function scoredColumns(
  { purpose, classes = [] }: Pick<Model, 'purpose' | 'classes'>,
  taken: readonly string[],
  { reasons, people, cases }: AddedColumns,
): readonly ScoredColumn[] {
  const names = new Set(taken)
  const column = (wanted: string, type: Column['type'], cell: ScoredColumn['cell'], nullable = true): ScoredColumn => {
    let name = wanted
    for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`
    names.add(name)
    return { column: { name, type, nullable }, cell }
  }
  const answer = purpose === 'regression' ? 'number' : 'text'
  const shown =
    (cell: (one: Prediction) => PlainCell): ScoredColumn['cell'] =>
    ({ one, waits }) =>
      isShown(waits) ? cell(one) : null
  const contribution = ({ explained, waits }: ScoredRow, place: number) =>
    explained && 'reasons' in explained && isShown(waits) ? explained.reasons.contributions[place] : undefined
  return [
    column('decision', answer, ({ one, waits }) => (waits ? null : one.decision), people),
    column(
      'score',
      'number',
      shown(({ score }) => score),
      people,
    ),
    ...(purpose === 'multiclass' ? classes : []).map((name) =>
      column(
        `score_${name}`,
        'number',
        shown(({ scores }) => scores![name]!),
        people,
      ),
    ),
    ...(people
      ? [
          column('for_people', 'text', ({ waits }) => waits?.why ?? null),
          column('suggestion', answer, ({ one, waits }) => (waits?.seen ? one.decision : null)),
        ]
      : []),
    ...(cases ? [column('case', 'text', ({ waits }) => waits?.case ?? null)] : []),
    ...(reasons
      ? [
          ...Array.from({ length: writtenReasons }, (_, place) => [
            column(`reason_${place + 1}`, 'text', (row) => contribution(row, place)?.feature ?? null),
            column(`contribution_${place + 1}`, 'number', (row) => contribution(row, place)?.contribution ?? null),
          ]).flat(),
          column('reasons_not_available', 'text', whyNone),
        ]
      : []),
  ]
}

const isShown = (waits: ScoredRow['waits']) => waits === undefined || waits.seen

function whyNone({ explained, waits }: ScoredRow): string | null {
  if (!isShown(waits)) return 'A person decides this row first.'
  return explained && 'reasons' in explained ? null : (explained?.reasonsNotAvailable ?? null)
}

export function scoredCells(columns: readonly ScoredColumn[], rows: readonly ScoredRow[]): readonly FrameColumn[] {
  return columns.map(({ column, cell }) =>
    columnFrom(column.name, column.type, rows.map(cell), { nullable: column.nullable }),
  )
}
