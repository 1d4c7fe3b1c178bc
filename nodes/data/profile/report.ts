import type { BlockCell, CardFact, Column, Report, ReportBlock, Table } from '#contract'
import type { ColumnProfile, NumberProfile, TextProfile } from '#ml/profile/profile-column'
import { formatCount, formatInteger, formatNumber, formatPercent, noValue } from '#report/format-number'
import type { TableProfile } from './run.ts'

type Profiled = TableProfile['columns'][number]

const day = (milliseconds: number) =>
  Number.isFinite(milliseconds) ? new Date(Math.round(milliseconds)).toISOString().slice(0, 10) : noValue

/** A figure of a number column in the column's own kind: dates as days. */
function figure(column: Column, value: number): string {
  return column.type === 'date' ? day(value) : formatNumber(value)
}

const share = (part: number, rows: number) => (rows === 0 ? 0 : part / rows)

function missingCell(profile: ColumnProfile): BlockCell {
  if (profile.missing === 0) return '0'
  const text = `${formatInteger(profile.missing)} (${formatPercent(share(profile.missing, profile.rows))})`
  return { text, tone: profile.missing === profile.rows ? 'bad' : 'stale' }
}

function numberCells(column: Column, profile: NumberProfile): BlockCell[] {
  const [low, , , lower, middle, upper, , , high] = profile.quantiles.map((value) => figure(column, value))
  const { below, above } = profile.outliers
  const isDate = column.type === 'date'
  return [
    figure(column, profile.mean),
    isDate ? '' : formatNumber(profile.deviation),
    low!,
    lower!,
    middle!,
    upper!,
    high!,
    isDate ? '' : formatInteger(below + above),
  ]
}

function overview({ columns }: TableProfile): ReportBlock {
  return {
    block: 'table',
    title: 'Columns',
    columns: [
      'Column',
      'Type',
      'Missing',
      'Distinct',
      'Mean or most frequent',
      'Deviation',
      'Minimum',
      '25 %',
      'Median',
      '75 %',
      'Maximum',
      'Outliers',
    ],
    rows: columns.map(({ column, profile }) => [
      column.name,
      column.type,
      missingCell(profile),
      formatInteger(profile.distinct),
      ...(profile.kind === 'number'
        ? numberCells(column, profile)
        : [profile.levels[0]?.level ?? noValue, '', '', '', '', '', '', '']),
    ]),
    note: 'Outliers lie more than 1.5 interquartile ranges beyond the quartiles.',
  }
}

/** What deserves a look, in sentences. */
function remarks({ rows, columns, repeated }: TableProfile): string[] {
  const named = (test: (profiled: Profiled) => boolean) =>
    columns
      .filter(test)
      .map(({ column }) => column.name)
      .slice(0, 20)
      .join(', ')
  const constant = named(({ profile }) => profile.distinct === 1 && profile.missing === 0 && rows > 1)
  const empty = named(({ profile }) => rows > 0 && profile.missing === rows)
  const unique = named(
    ({ column, profile }) =>
      column.type !== 'number' && rows > 20 && profile.distinct === rows && profile.missing === 0,
  )
  const infinite = named(({ profile }) => profile.kind === 'number' && profile.infinite > 0)
  return [
    ...(constant ? [`The same value in every row: ${constant}.`] : []),
    ...(empty ? [`No value in any row: ${empty}.`] : []),
    ...(unique ? [`A different value in every row, as an identifier has: ${unique}.`] : []),
    ...(infinite ? [`Infinite values, left out of the figures: ${infinite}.`] : []),
    ...(repeated > 0 ? [`${formatCount(repeated, 'row')} equal an earlier row in every column.`] : []),
  ]
}

function numberChart(column: Column, profile: NumberProfile): ReportBlock {
  const { edges, counts } = profile.histogram
  const note = [
    profile.missing > 0 ? `${formatInteger(profile.missing)} missing` : '',
    column.type === 'date' ? '' : `skewness ${formatNumber(profile.skewness, 2)}`,
    column.type === 'date' ? '' : `excess kurtosis ${formatNumber(profile.excessKurtosis, 2)}`,
  ]
  if (column.type === 'date')
    return {
      block: 'chart',
      title: column.name,
      chart: {
        type: 'bar',
        series: [{ name: 'rows', x: counts.map((_, bin) => day(edges[bin]!)), y: counts }],
        x: 'from',
        y: 'rows',
      },
    }
  return {
    block: 'chart',
    title: column.name,
    note: note.filter(Boolean).join(' · '),
    chart: { type: 'histogram', edges, series: [{ name: 'rows', counts }], x: column.name },
  }
}

function textChart(column: Column, profile: TextProfile, top: number): ReportBlock {
  const shown = profile.levels.slice(0, top)
  const rest = profile.levels.length - shown.length
  return {
    block: 'chart',
    title: column.name,
    note: rest > 0 ? `and ${formatCount(rest, 'other value')}` : '',
    chart: {
      type: 'bars',
      format: 'percent',
      rows: shown.map(({ level, count }) => ({
        label: level === '' ? '(empty)' : level,
        estimate: { value: share(count, profile.rows), n: count },
      })),
    },
  }
}

function chartOf({ column, profile }: Profiled, top: number): ReportBlock {
  return profile.kind === 'number' ? numberChart(column, profile) : textChart(column, profile, top)
}

const hasPicture = ({ profile }: Profiled) =>
  profile.kind === 'number' ? profile.histogram.counts.length > 0 : profile.levels.length > 0

/** The description of a table as a finished page. */
export function profileReport(
  profile: TableProfile,
  options: { readonly top: number; readonly charts: number },
): Report {
  const cells = profile.rows * profile.columns.length
  const missing = profile.columns.reduce((sum, column) => sum + column.profile.missing, 0)
  const size = `${formatCount(profile.rows, 'row')} × ${formatCount(profile.columns.length, 'column')}`
  const known =
    missing === 0 ? 'No cell is missing.' : `${formatPercent(share(missing, cells))} of all cells are missing.`
  return {
    kind: 'report',
    title: 'Profile',
    subtitle: size,
    blocks: [
      { block: 'heading', text: 'Profile', note: size },
      { block: 'text', text: known },
      ...remarks(profile).map((text): ReportBlock => ({ block: 'text', text, tone: 'stale' })),
      overview(profile),
      ...profile.columns
        .filter(hasPicture)
        .slice(0, options.charts)
        .map((profiled) => chartOf(profiled, options.top)),
    ],
  }
}

/** The first histogram as the card's picture. */
export function profileCard(report: Report, table: Table): CardFact {
  const histograms = report.blocks.flatMap((block) =>
    block.block === 'chart' && block.chart.type === 'histogram' ? [block.chart] : [],
  )
  const values = histograms[0]?.series[0]?.counts
  const text = `**${formatInteger(table.columns.length)}** ${table.columns.length === 1 ? 'column' : 'columns'} · ${formatCount(table.rows, 'row')}`
  return values ? { text, picture: { type: 'bars', values } } : { text }
}
