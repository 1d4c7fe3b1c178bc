import { formatCount, formatInteger, formatPercent } from '#report/format-number'

/** "a, b or c". */
const list = (parts: readonly string[], last: string) =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} ${last} ${parts.at(-1)}`

/** Texts about chosen rows. */
export const selectionMessages = {
  yes: 'yes',
  no: 'no',
  missing: 'missing',
  present: 'not missing',
  range: (from: string, to: string, below: boolean) => `${from} to ${below ? 'under ' : ''}${to}`,
  any: (parts: readonly string[]) => list(parts, 'or'),
  all: (parts: readonly string[]) => parts.join(' and '),
  others: (number: number) => formatCount(number, 'other'),
  label: 'Chosen rows',
  counting: 'counting…',
  notCounted: 'could not be counted',
  count: (selected: number, rows: number) =>
    `${formatInteger(selected)} of ${formatInteger(rows)}${rows > 0 ? ` (${formatPercent(selected / rows)})` : ''}`,
  announced: (sentence: string, selected: number, rows: number) =>
    `${formatCount(selected, 'row')} of ${formatInteger(rows)} chosen: ${sentence}`,
  cleared: 'No rows are chosen.',
  only: 'Only these',
  onlyHow: 'Show only the chosen rows in tables',
  keep: 'Keep as slice',
  keepHow: 'Keep the chosen rows as a node of their own, or as a slice where this table is sliced',
  clear: 'Clear',
  clearHow: 'Choose no rows (Escape)',
  chosenRow: 'chosen',
  bars: (column: string) => `${column}: choose rows by its values`,
  chart: (title: string) => `${title}: choose rows by its parts`,
  barsHow:
    'Arrows move, Space chooses a bar, Shift with Space adds it, Shift with arrows moves the end of the range, Escape clears.',
  bar: (label: string, count: number, selected: number | undefined) =>
    `${label}: ${formatCount(count, 'row')}${selected === undefined ? '' : `, ${formatInteger(selected)} chosen`}`,
  pickHow: 'Space chooses the rows with this value, B goes to the small bars of the column.',
  noIdentifier:
    'Rows are picked by an identifier: give a column the role id, or press Space on a cell to choose by its value.',
  commands: { keep: 'Keep chosen rows as a slice', clear: 'Clear chosen rows', only: 'Show only chosen rows' },
  edits: { filter: 'Keep chosen rows', slice: 'Keep chosen rows as a slice' },
  kept: (title: string) => `Kept in ${title}: run it to see its rows.`,
  added: (title: string) => `Added to the slices of ${title}.`,
  noPort:
    'The table these rows were chosen in is not on the canvas any more. Run the pipeline, then choose them again.',
} as const
