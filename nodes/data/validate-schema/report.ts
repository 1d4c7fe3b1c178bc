import type { CardFact, DataSchema, Report, ReportBlock, Table } from '#contract'
import { formatCount, formatInteger } from '#report/format-number'
import type { Finding } from './check-column.ts'

export interface Validation {
  readonly table: Table
  readonly schema: DataSchema
  readonly findings: readonly Finding[]
  readonly quarantined: number
  readonly newColumns: 'drop' | 'keep'
}

/** New, missing and retyped columns, each in a row. */
function columnChanges({ table, schema, newColumns }: Validation): (readonly [string, string])[] {
  const added = table.columns
    .filter(({ name }) => !schema.columns.some((column) => column.name === name))
    .map(({ name }) => [name, newColumns === 'keep' ? 'new; kept as a label' : 'new; dropped'] as const)
  const known = schema.columns.flatMap(({ name, type }): (readonly [string, string])[] => {
    const column = table.columns.find((candidate) => candidate.name === name)
    if (!column) return [[name, 'missing']]
    return column.type === type ? [] : [[name, `${column.type} here, ${type} in the schema`]]
  })
  return [...added, ...known]
}

function findingCells({ column, rule, rows, cells }: Finding) {
  const first = rows
    .slice(0, 5)
    .map((row) => formatInteger(row + 1))
    .join(', ')
  const count = cells === undefined ? formatCount(rows.length, 'row') : `${formatCount(cells, 'cell')} missing`
  return [column === '' ? 'across columns' : column, rule, { text: count, tone: 'bad' as const }, first]
}

function sentence({ table, findings, quarantined }: Validation): string {
  if (findings.length === 0) return `All ${formatCount(table.rows, 'row')} fit the schema.`
  const rules = `${formatCount(findings.length, 'rule')} ${findings.length === 1 ? 'was' : 'were'} broken`
  return `${formatInteger(quarantined)} of ${formatCount(table.rows, 'row')} ${quarantined === 1 ? 'is' : 'are'} quarantined; ${rules}.`
}

export function findingsReport(validation: Validation): Report {
  const { findings, table, quarantined } = validation
  const changes = columnChanges(validation)
  const blocks: ReportBlock[] = [
    { block: 'heading', text: 'Validation', note: formatCount(table.rows, 'row') },
    { block: 'text', text: sentence(validation), tone: findings.length === 0 ? 'ok' : 'stale' },
  ]
  if (findings.length > 0)
    blocks.push({
      block: 'table',
      title: 'Rules broken',
      columns: ['Column', 'Rule', 'Broken by', 'First rows'],
      rows: findings.map(findingCells),
      note: 'Rows count from 1. A row may break several rules.',
    })
  if (changes.length > 0)
    blocks.push({ block: 'table', title: 'Columns that differ', columns: ['Column', 'Difference'], rows: changes })
  const broken = formatCount(findings.length, 'rule')
  return {
    kind: 'report',
    title: 'Validation',
    subtitle: quarantined === 0 && findings.length === 0 ? '' : broken,
    blocks,
  }
}

/** "31 rows quarantined · 2 rules broken". */
export function findingsCard(findings: Report, quarantined: Table): CardFact {
  if (findings.subtitle === '') return { text: '**0** rows quarantined', tone: 'ok' }
  const rows = `**${formatInteger(quarantined.rows)}** ${quarantined.rows === 1 ? 'row' : 'rows'} quarantined`
  return { text: `${rows} · ${findings.subtitle} broken`, tone: 'stale' }
}
