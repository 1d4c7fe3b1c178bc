import type { ColumnChange, GroupLoss, RowMatch, TracedRow } from '#contract'
import { formatCount } from '#report/format-number'
import { formatNumber } from './format.ts'

/** Texts about what flows on wires, and where rows come from. */
export const wireMessages = {
  assertions: 'Assertions',
  assertionsHow: 'What must hold of what flows here. Where one fails, the steps behind this wire don’t run.',
  noAssertions: 'Nothing is asserted of this wire.',
  add: 'Add an assertion',
  save: 'Add',
  cancel: 'Cancel',
  edit: 'Change',
  done: 'Done',
  remove: (text: string) => `Take “${text}” away`,
  figure: 'Figure',
  column: 'Column',
  limit: 'Limit',
  direction: 'At least or at most',
  atLeast: 'at least',
  atMost: 'at most',
  figures: {
    rows: 'number of rows',
    columns: 'number of columns',
    missing: 'share of missing values',
    distinct: 'number of distinct values',
    min: 'smallest value',
    max: 'largest value',
    mean: 'mean',
  } as Readonly<Record<string, string>>,
  of: (figure: string, column: string | undefined) => (column === undefined ? figure : `${figure} of ${column}`),
  verdicts: { pass: 'holds', fail: 'fails', unknown: 'not checked yet' },
  wireVerdicts: { pass: 'its assertions hold', fail: 'an assertion fails', unknown: 'not checked yet' },
  needsNumber: 'Type a number.',
  notRun: (title: string) => `Run ${title} to see what flows here.`,
  looking: 'Looking…',
  preview: 'Show these rows',
  schema: 'Columns',
  schemaSame: 'No column was added, removed or changed.',
  changes: {
    added: 'added',
    removed: 'removed',
    retyped: 'other type',
    role: 'other role',
  } satisfies Readonly<Record<ColumnChange['change'], string>>,
  more: (number: number) => `and ${formatNumber(number)} more`,
  since: (title: string) => `Against ${title}`,
  lostNone: (rows: number) => `All ${formatCount(rows, 'row')} are still there.`,
  lost: (lost: number, rows: number) => `${formatCount(lost, 'row')} of ${formatNumber(rows)} lost`,
  rowsAdded: (added: number) => `${formatCount(added, 'row')} new or changed`,
  unmatched: 'This step makes rows of its own: none can be found again in what it was given.',
  known: (how: RowMatch, by: readonly string[]) => {
    if (how === 'same') return 'The same rows, in the same file.'
    if (how === 'in-place') return `Row by row in the same place; ${formatCount(by.length, 'column')} agree throughout.`
    if (how === 'by-id') return `Rows are known by ${by[0]}.`
    return `Rows are known by the cells of ${formatCount(by.length, 'column')}.`
  },
  whoOf: (column: string) => `Lost rows by ${column}`,
  protected: 'protected',
  byColumn: 'By another column',
  chooseColumn: 'Choose a column',
  against: { more: 'more than all', less: 'less than all', alike: '' } satisfies Readonly<
    Record<GroupLoss['against'], string>
  >,
  interval: (low: string, high: string) => `95 % interval ${low} – ${high}`,
  select: 'Go to the next wire of this node',
  edits: { assert: 'Change assertions' },
  people: {
    title: 'Rows of the people explained here',
    row: (row: number) => `row ${formatNumber(row + 1)}`,
  },
  trace: {
    open: 'Where does this row come from?',
    hint: 'Enter or a click on a row’s number shows where the row comes from.',
    title: (row: number) => `Row ${formatNumber(row + 1)}`,
    label: 'Where this row comes from',
    close: 'Close',
    place: (row: number, rows: number) => `row ${formatNumber(row + 1)} of ${formatNumber(rows)}`,
    goTo: (title: string) => `Go to ${title}`,
    kept: (number: number) => `${formatCount(number, 'cell')} as before`,
    cells: (number: number) => `${formatCount(number, 'cell')}`,
    changed: 'changed',
    added: 'added',
    removed: 'removed',
    missing: 'missing',
    among: (number: number) =>
      `One of ${formatNumber(number)} rows that are alike in every cell: any of them may be it.`,
    ends: {
      source: 'Here the row begins.',
      'made-here': 'This step makes rows of its own: the trace ends here.',
      changed: 'Its cells were changed here, so it can not be found again before this step.',
    } satisfies Readonly<Record<NonNullable<TracedRow['end']>, string>>,
    files: (files: readonly string[]) => `Read from ${files.join(', ')}.`,
  },
} as const
