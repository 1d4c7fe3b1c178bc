import type { BlockCell, Frame, ReportBlock, RunContext, Table } from '#contract'
import { cellText, columnOf, textCells } from '#ml/frame'
import { quantiles } from '#ml/statistics/quantiles'
import { formatCount, formatInteger, formatNumber, formatPercent } from '#report/format-number'

const numbers = (frame: Frame, name: string): Float64Array => {
  const { cells } = columnOf(frame, name)
  return cells.kind === 'number' ? cells.values : new Float64Array(0)
}

interface ClassFacts {
  readonly name: string
  readonly rows: readonly number[]
}

function classesOf(frame: Frame): readonly ClassFacts[] {
  const { codes, levels } = textCells(columnOf(frame, 'label'))
  const rows = new Map<number, number[]>()
  codes.forEach((code, row) => {
    const known = rows.get(code)
    if (known) known.push(row)
    else rows.set(code, [row])
  })
  return [...rows]
    .sort(([a], [b]) => a - b)
    .map(([code, own]) => ({ name: code < 0 ? 'no label' : levels[code]!, rows: own }))
}

const spread = (values: Float64Array) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

const range = (values: Float64Array) => {
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))]
  return low === high ? formatInteger(low) : `${formatInteger(low)} to ${formatInteger(high)}`
}

const mostClasses = 50
/** Classes that a chart can tell apart. */
const chartedClasses = 6
const brightnessBins = 20
const mostSizes = 6

/** How many pictures of each class there are, how bright and how large, and what could not be read. */
export async function imagesReport(
  table: Table,
  rejected: Table,
  context: RunContext,
): Promise<readonly ReportBlock[]> {
  const frame = await context.tables.read(table, ['label', 'width', 'height', 'brightness'])
  const lost = rejected.rows === 0 ? undefined : await context.tables.read(rejected)
  const size = table.columns.find(({ image }) => image)?.image
  const classes = classesOf(frame)
  return [
    {
      block: 'heading',
      text: formatCount(table.rows, 'picture'),
      ...(size && {
        note: `${size.width} × ${size.height} pixels, ${size.channels === 1 ? 'grey' : 'color'}; ${formatCount(classes.length, 'class', 'classes')}`,
      }),
    },
    ...(table.rows === 0 ? [] : [wholeTable(frame), classTable(frame, classes), ...brightnessChart(frame, classes)]),
    ...sizesTable(frame),
    ...(lost ? [rejectedBlock(lost)] : []),
  ]
}

/** Brightness and own sizes of all pictures together. */
function wholeTable(frame: Frame): ReportBlock {
  const row = (title: string, name: string, digits: number): BlockCell[] => {
    const values = numbers(frame, name)
    const { mean, deviation } = spread(values)
    const [low, middle, high] = quantiles(values, [0, 0.5, 1])
    return [title, ...[mean, deviation, low!, middle!, high!].map((value) => formatNumber(value, digits))]
  }
  return {
    block: 'table',
    title: 'All pictures',
    columns: ['Of each picture', 'Mean', 'Spread', 'Least', 'Middle', 'Most'],
    rows: [row('Brightness', 'brightness', 3), row('Own width', 'width', 0), row('Own height', 'height', 0)],
    note: 'Brightness is the mean of all pixels, from 0 to 1; width and height are those of the file, in pixels.',
  }
}

function classTable(frame: Frame, classes: readonly ClassFacts[]): ReportBlock {
  const [widths, heights, bright] = [numbers(frame, 'width'), numbers(frame, 'height'), numbers(frame, 'brightness')]
  const of = (values: Float64Array, { rows }: ClassFacts) => Float64Array.from(rows, (row) => values[row]!)
  const left = classes.length > mostClasses ? ` The first ${mostClasses} of ${formatInteger(classes.length)}.` : ''
  return {
    block: 'table',
    title: 'Classes',
    columns: ['Class', 'Pictures', 'Share', 'Brightness', 'Spread of it', 'Own width', 'Own height'],
    rows: classes.slice(0, mostClasses).map((one) => {
      const { mean, deviation } = spread(of(bright, one))
      const share = formatPercent(one.rows.length / frame.rows, 1)
      return [one.name, one.rows.length, share, mean, deviation, range(of(widths, one)), range(of(heights, one))]
    }),
    note: `Classes that differ in brightness or size can be told apart without being seen.${left}`,
  }
}

function brightnessChart(frame: Frame, classes: readonly ClassFacts[]): ReportBlock[] {
  const values = numbers(frame, 'brightness')
  const shown: readonly ClassFacts[] =
    classes.length <= chartedClasses ? classes : [{ name: 'all', rows: [...values.keys()] }]
  const bin = (row: number) => Math.min(brightnessBins - 1, Math.floor(values[row]! * brightnessBins))
  return [
    {
      block: 'chart',
      title: 'Brightness',
      chart: {
        type: 'histogram',
        edges: Array.from({ length: brightnessBins + 1 }, (_, edge) => edge / brightnessBins),
        series: shown.map(({ name, rows }) => {
          const counts = new Array<number>(brightnessBins).fill(0)
          for (const row of rows) counts[bin(row)]! += 1
          return { name, counts }
        }),
        x: 'mean of the pixels, 0 black, 1 white',
      },
    },
  ]
}

/** The files' own sizes where there are several, the most frequent first. */
function sizesTable(frame: Frame): ReportBlock[] {
  const [widths, heights] = [numbers(frame, 'width'), numbers(frame, 'height')]
  const counts = new Map<string, number>()
  widths.forEach((width, row) => {
    const size = `${width} × ${heights[row]}`
    counts.set(size, (counts.get(size) ?? 0) + 1)
  })
  if (counts.size < 2) return []
  const sizes = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return [
    {
      block: 'table',
      title: 'Sizes before they were brought to one',
      columns: ['Width × height', 'Pictures', 'Share'],
      rows: sizes.slice(0, mostSizes).map(([size, count]) => [size, count, formatPercent(count / frame.rows, 1)]),
      ...(sizes.length > mostSizes && { note: `${formatCount(sizes.length - mostSizes, 'further size')} not shown.` }),
    },
  ]
}

function rejectedBlock(lost: Frame): ReportBlock {
  const text = (name: string, row: number) => cellText(columnOf(lost, name), row) ?? ''
  return {
    block: 'table',
    title: 'Files that could not be read',
    columns: ['File', 'Reason'],
    rows: Array.from({ length: Math.min(20, lost.rows) }, (_, row) => [text('file', row), text('reason', row)]),
    ...(lost.rows > 20 && { note: `The first 20 of ${formatInteger(lost.rows)}.` }),
  }
}
