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
  area: (x: string, y: string) => `${x} and ${y} in an outline`,
  row: (number: number) => `row ${formatInteger(number)}`,
  span: (first: number, last: number) => `${formatInteger(first)} to ${formatInteger(last)}`,
  rows: (parts: readonly string[]) => `rows ${list(parts, 'and')}`,
  picked: (count: number) => `${formatCount(count, 'picked row')}`,
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
  chartAlong: (title: string, along: string) => `${title}: choose rows along ${along}`,
  alongX: 'x',
  alongY: 'y',
  plane: (title: string) => `${title}: choose points`,
  planeHow:
    'Arrows move the mark, Enter chooses the point nearest to it. Space sets a corner of an outline, Enter then chooses what lies in it, Backspace takes a corner back, Escape ends. Tab leads on to ranges along each axis.',
  planePointsHow:
    'Arrows move the mark, Enter chooses the point nearest to it. Tab leads on to ranges along each axis.',
  at: (x: string, y: string, corners: number) =>
    `${x}, ${y}${corners > 0 ? `, ${formatCount(corners, 'corner')}` : ''}`,
  plot: {
    show: 'Plot',
    rows: 'Rows',
    x: 'Along x',
    y: 'Along y',
    points: 'rows',
    tooFew: 'A plot needs two columns of numbers.',
    title: (x: string, y: string) => `${y} by ${x}`,
    sample: (drawn: number, rows: number) =>
      `${formatInteger(drawn)} of ${formatInteger(rows)} rows are drawn; what is chosen is chosen of all.`,
  },
  tools: 'Choose by',
  box: 'Box',
  lasso: 'Lasso',
  barsHow:
    'Arrows move, Space chooses a bar, Shift with Space adds it, Shift with arrows moves the end of the range, Escape clears.',
  barHow: 'Arrows move, Space chooses a part or lets it go, Escape clears.',
  bar: (label: string, count: number, selected: number | undefined) =>
    `${label}: ${formatCount(count, 'row')}${selected === undefined ? '' : `, ${formatInteger(selected)} chosen`}`,
  points: (label: string, count: number) => `${label}: ${formatCount(count, 'point')}`,
  pickHow:
    'Space chooses the rows with this value, Shift with Space the rows themselves, B goes to the small bars of the column.',
  commands: { keep: 'Keep chosen rows as a slice', clear: 'Clear chosen rows', only: 'Show only chosen rows' },
  edits: { filter: 'Keep chosen rows', slice: 'Keep chosen rows as a slice' },
  kept: (title: string) => `Kept in ${title}: run it to see its rows.`,
  added: (title: string) => `Added to the slices of ${title}.`,
  tooScattered: 'The chosen rows are too scattered to be kept one by one. Choose fewer, or save them from a table.',
  noPort:
    'The table these rows were chosen in is not on the canvas any more. Run the pipeline, then choose them again.',
} as const
