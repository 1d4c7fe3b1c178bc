import type { CardFact, FrameColumn, ReportBlock, RunContext, Table } from '#contract'
import { textCells } from '#ml/frame'
import { formatCount, formatPercent } from '#report/format-number'
import type { SplitOptions } from './columns.ts'

/** "**60 %** train · 20 % validation · 20 % test". */
export function splitCard(options: SplitOptions): CardFact {
  if (options.method === 'existing')
    return { text: `**existing** parts${options.by === '' ? '' : ` of ${options.by}`}` }
  if (options.folds > 1) return { text: `**${options.folds}** folds · ${options.method}` }
  const shares = [options.train, options.validation, options.test]
  const total = shares.reduce((sum, share) => sum + share, 0)
  const names = ['train', 'validation', 'test']
  const parts = shares
    .map((share, part) => ({ share: share / total, name: names[part]! }))
    .filter(({ share }) => share > 0)
    .map(({ share, name }, index) => `${index === 0 ? `**${formatPercent(share)}**` : formatPercent(share)} ${name}`)
  return { text: parts.join(' · '), picture: { type: 'rows', values: shares.filter((share) => share > 0) } }
}

const order = ['train', 'validation', 'test']

function rank(level: string): number {
  const known = order.indexOf(level)
  return known < 0 ? Number(level) || order.length : known
}

/** Rows of each part, and what the target looks like in it. */
export async function splitReport(table: Table, context: RunContext): Promise<ReportBlock[]> {
  const split = table.columns.find(({ role }) => role === 'split')!
  const target = table.columns.find(({ role }) => role === 'target')
  const frame = await context.tables.read(table, target ? [split.name, target.name] : [split.name])
  const { codes, levels } = textCells(frame.columns[0]!)
  const parts = levels
    .map((level, code) => ({ level, rows: Array.from(codes.keys()).filter((row) => codes[row] === code) }))
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => rank(a.level) - rank(b.level))
  return [
    { block: 'heading', text: 'Split', note: formatCount(table.rows, 'row') },
    {
      block: 'table',
      columns: ['Part', 'Rows', 'Share', ...(target ? targetTitles(frame.columns[1]!) : [])],
      rows: parts.map(({ level, rows }) => [
        level,
        rows.length,
        formatPercent(rows.length / Math.max(1, table.rows)),
        ...(target ? targetCells(frame.columns[1]!, rows) : []),
      ]),
    },
  ]
}

const mostClasses = 6

function classesOf(target: FrameColumn): readonly string[] | undefined {
  const { levels } = textCells(target)
  return levels.length <= mostClasses ? levels : undefined
}

function targetTitles(target: FrameColumn): string[] {
  const classes = classesOf(target)
  if (classes) return classes.map((level) => `${target.name} ${level}`)
  return target.cells.kind === 'number' ? [`Mean ${target.name}`] : []
}

function targetCells(target: FrameColumn, rows: readonly number[]): (string | number | null)[] {
  const classes = classesOf(target)
  if (classes) {
    const { codes } = textCells(target)
    return classes.map((_, code) => formatPercent(rows.filter((row) => codes[row] === code).length / rows.length, 1))
  }
  if (target.cells.kind !== 'number') return []
  const { values } = target.cells
  const known = rows.filter((row) => !Number.isNaN(values[row]!))
  return [known.length === 0 ? null : known.reduce((sum, row) => sum + values[row]!, 0) / known.length]
}
