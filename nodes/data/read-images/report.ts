import type { Frame, ReportBlock, RunContext, Table } from '#contract'
import { cellText, columnOf, textCells } from '#ml/frame'
import { formatCount, formatInteger } from '#report/format-number'

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

const spread = (values: readonly number[]) => {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
  return { mean, deviation: Math.sqrt(variance) }
}

const range = (values: readonly number[]) => {
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low === high ? formatInteger(low) : `${formatInteger(low)} to ${formatInteger(high)}`
}

const most = 50

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
  const [widths, heights, bright] = [numbers(frame, 'width'), numbers(frame, 'height'), numbers(frame, 'brightness')]
  const of = (values: Float64Array, { rows }: ClassFacts) => rows.map((row) => values[row]!)
  return [
    {
      block: 'heading',
      text: formatCount(table.rows, 'picture'),
      ...(size && {
        note: `${size.width} × ${size.height} pixels, ${size.channels === 1 ? 'grey' : 'color'}; ${formatCount(classes.length, 'class', 'classes')}`,
      }),
    },
    {
      block: 'table',
      title: 'Classes',
      columns: ['Class', 'Pictures', 'Brightness', 'Spread of it', 'Own width', 'Own height'],
      rows: classes.slice(0, most).map((one) => {
        const { mean, deviation } = spread(of(bright, one))
        return [one.name, one.rows.length, mean, deviation, range(of(widths, one)), range(of(heights, one))]
      }),
      note: 'Brightness is the mean of all pixels, from 0 to 1. Classes that differ in it or in their size can be told apart without being seen.',
    },
    ...(lost ? [rejectedBlock(lost)] : []),
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
