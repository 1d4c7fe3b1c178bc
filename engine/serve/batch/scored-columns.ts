import type { Column, FrameColumn, Model } from '#contract'
import { columnFrom, type PlainCell } from '#ml/frame-of'
import type { Prediction } from '../answer.ts'
import type { Explained } from '../reasons.ts'

/** Reasons that are written beside a row, the strongest first. */
const writtenReasons = 4

type Cell = (row: number) => PlainCell
interface ScoredColumn {
  readonly column: Column
  cell(a: { readonly predictions: readonly Prediction[]; readonly explained?: readonly Explained[] | undefined }): Cell
}

/** What a batch adds to its rows: decision and score, of several classes every one's, and the strongest reasons. */
export function scoredColumns(
  { purpose, classes = [] }: Pick<Model, 'purpose' | 'classes'>,
  taken: readonly string[],
  reasons: boolean,
): readonly ScoredColumn[] {
  const names = new Set(taken)
  const column = (wanted: string, type: Column['type'], nullable: boolean): Column => {
    let name = wanted
    for (let number = 2; names.has(name); number++) name = `${wanted}_${number}`
    names.add(name)
    return { name, type, nullable }
  }
  const said = (wanted: string, type: Column['type'], cell: (one: Prediction) => PlainCell): ScoredColumn => ({
    column: column(wanted, type, false),
    cell:
      ({ predictions }) =>
      (row) =>
        cell(predictions[row]!),
  })
  const why = (wanted: string, type: Column['type'], cell: (one: Explained) => PlainCell): ScoredColumn => ({
    column: column(wanted, type, true),
    cell:
      ({ explained }) =>
      (row) =>
        cell(explained![row]!),
  })
  const share = (name: string) => said(`score_${name}`, 'number', ({ scores }) => scores![name]!)
  const contribution = (one: Explained, place: number) =>
    'reasons' in one ? one.reasons.contributions[place] : undefined
  return [
    said('decision', purpose === 'regression' ? 'number' : 'text', ({ decision }) => decision),
    said('score', 'number', ({ score }) => score),
    ...(purpose === 'multiclass' ? classes.map(share) : []),
    ...(reasons
      ? [
          ...Array.from({ length: writtenReasons }, (_, place) => [
            why(`reason_${place + 1}`, 'text', (one) => contribution(one, place)?.feature ?? null),
            why(`contribution_${place + 1}`, 'number', (one) => contribution(one, place)?.contribution ?? null),
          ]).flat(),
          why('reasons_not_available', 'text', (one) => ('reasons' in one ? null : one.reasonsNotAvailable)),
        ]
      : []),
  ]
}

export function scoredCells(
  columns: readonly ScoredColumn[],
  said: { readonly predictions: readonly Prediction[]; readonly explained?: readonly Explained[] | undefined },
): readonly FrameColumn[] {
  return columns.map(({ column, cell }) => {
    const at = cell(said)
    const cells = Array.from(said.predictions, (_, row) => at(row))
    return columnFrom(column.name, column.type, cells, { nullable: column.nullable })
  })
}
