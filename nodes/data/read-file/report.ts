import type { JsonValue, Report, ReportBlock, Table } from '#contract'
import { formatCount, formatInteger } from '#report/format-number'

type Row = Readonly<Record<string, JsonValue>>

const spelled: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'bar',
  '.': 'point',
  ' ': 'space',
  "'": 'apostrophe',
  '"': 'double quote',
  none: 'none',
}
const spell = (mark: JsonValue | undefined) => spelled[String(mark)] ?? String(mark)
const packings: Readonly<Record<string, string>> = { gzip: ', packed with gzip', zstd: ', packed with zstd' }

function dialectRows(reading: Row): (readonly [string, string])[] {
  const comments = Number(reading['comments'])
  return [
    ['Delimiter', spell(reading['delimiter'])],
    ['Quote', spell(reading['quote'])],
    ['Encoding', String(reading['encoding']) + (packings[String(reading['packing'])] ?? '')],
    ['Header', reading['header'] ? 'first line' : 'none'],
    ...(comments > 0 ? ([['Comment lines skipped', formatInteger(comments)]] as const) : []),
    ['Decimal mark', spell(reading['decimal'])],
    ['Thousands mark', spell(reading['thousands'])],
    ['Types found from', reading['sampled'] === 'all' ? 'all rows' : 'the head and windows of the file'],
  ]
}

/** The first lines that could not be read, each with its reason. */
function rejectedLines(lines: readonly Row[]): ReportBlock {
  return {
    block: 'table',
    title: 'First rejected lines',
    columns: ['File', 'Line', 'Reason', 'Text'],
    rows: lines.map((line) => [
      String(line['file']),
      Number(line['line']),
      String(line['reason']),
      String(line['text']).slice(0, 200),
    ]),
  }
}

/** How a file was read, as the node's result view. */
export function readingReport(
  path: string,
  table: Table,
  rejected: Table,
  reading: JsonValue,
  lines: readonly Row[],
): Report {
  const found = reading as Row
  const isDelimited = found['format'] === 'csv'
  const kind = isDelimited ? (found['delimiter'] === '\t' ? 'TSV' : 'CSV') : 'Parquet'
  const notes = (found['notes'] ?? []) as readonly string[]
  const files = (found['files'] ?? []) as readonly string[]
  const lost =
    rejected.rows === 0
      ? 'Every line was read.'
      : `${formatCount(rejected.rows, 'line')} could not be read and left by the port rejected.`
  const blocks: ReportBlock[] = [
    { block: 'heading', text: path, note: `${formatCount(table.rows, 'row')} × ${table.columns.length} columns` },
    {
      block: 'text',
      text: isDelimited ? lost : 'Read through DuckDB.',
      ...(rejected.rows > 0 && { tone: 'stale' as const }),
    },
    ...notes.map((text): ReportBlock => ({ block: 'text', text, tone: 'stale' })),
    ...(isDelimited
      ? [{ block: 'table' as const, title: 'How it was read', columns: ['', 'Found'], rows: dialectRows(found) }]
      : []),
    {
      block: 'table',
      title: 'Columns',
      columns: ['Column', 'Type'],
      rows: table.columns.map(({ name, type }) => [name, type]),
    },
    ...(lines.length > 0 ? [rejectedLines(lines)] : []),
    ...(files.length > 1
      ? [{ block: 'table' as const, title: 'Files', columns: ['File'], rows: files.map((file) => [file]) }]
      : []),
  ]
  return { kind: 'report', title: path, subtitle: kind, blocks }
}
