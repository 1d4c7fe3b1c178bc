import type { CardFact, DataSchema, ReportBlock, SchemaColumn } from '#contract'
import { formatCount, formatInteger, formatPercent } from '#report/format-number'
import { limitText } from './run.ts'

const shownValues = 12

function valuesText(column: SchemaColumn): string {
  const { domain, min, max, pattern } = column
  if (domain !== undefined) {
    const rest = domain.length - shownValues
    return domain.slice(0, shownValues).join(', ') + (rest > 0 ? ` and ${formatInteger(rest)} more` : '')
  }
  const range =
    min !== undefined && max !== undefined
      ? `${limitText(column, min)} to ${limitText(column, max)}`
      : min !== undefined
        ? `from ${limitText(column, min)}`
        : max !== undefined
          ? `up to ${limitText(column, max)}`
          : ''
  return [range, pattern === undefined ? '' : `matches ${pattern}`].filter(Boolean).join(', ')
}

function missingText({ nullable, maxMissing }: SchemaColumn): string {
  if (!nullable) return 'never'
  return maxMissing === undefined ? 'allowed' : `up to ${formatPercent(maxMissing)}`
}

function moreText({ unique, ordered, expected, doc }: SchemaColumn): string {
  return [unique ? 'unique' : '', ordered ?? '', expected ? `target ${expected}` : '', doc ?? '']
    .filter(Boolean)
    .join(', ')
}

const named = (schema: DataSchema, role: SchemaColumn['role']) =>
  schema.columns.filter((column) => column.role === role).map(({ name }) => name)

/** "13 columns · target approved · 3 protected". */
export function schemaCard(schema: DataSchema): CardFact {
  const [target] = named(schema, 'target')
  const kept = named(schema, 'protected').length
  const parts = [
    `**${formatInteger(schema.columns.length)}** ${schema.columns.length === 1 ? 'column' : 'columns'}`,
    target === undefined ? 'no target' : `target ${target}`,
    kept === 0 ? 'none protected' : `${formatInteger(kept)} protected`,
  ]
  return { text: parts.join(' · ') }
}

function rolesText(schema: DataSchema): string {
  const [target] = named(schema, 'target')
  const kept = named(schema, 'protected')
  const first =
    target === undefined
      ? 'No column is the target.'
      : `${target} is to be predicted${schema.favourable === undefined ? '' : `; ${schema.favourable} is the favourable outcome`}.`
  const second = kept.length === 0 ? 'No column is protected.' : `Protected, so never a feature: ${kept.join(', ')}.`
  return `${first} ${second} ${formatCount(named(schema, 'feature').length, 'column')} may be used as features.`
}

export function schemaReport(schema: DataSchema): ReportBlock[] {
  return [
    { block: 'heading', text: 'Schema', note: formatCount(schema.columns.length, 'column') },
    { block: 'text', text: rolesText(schema) },
    {
      block: 'table',
      title: 'Columns',
      columns: ['Column', 'Type', 'Role', 'Missing', 'Values', 'More'],
      rows: schema.columns.map((column) => [
        column.name,
        column.type,
        column.role,
        missingText(column),
        valuesText(column),
        moreText(column),
      ]),
    },
    ...(schema.rules.length === 0
      ? []
      : [
          {
            block: 'table' as const,
            title: 'Rules across columns',
            columns: ['Rule', 'Holds where'],
            rows: schema.rules.map(({ name, condition }) => [name, condition]),
          },
        ]),
  ]
}
