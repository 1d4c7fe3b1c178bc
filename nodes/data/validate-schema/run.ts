import {
  type DataSchema,
  type Frame,
  type FrameColumn,
  ProblemError,
  type Report,
  type RunContext,
  type Table,
} from '#contract'
import { takeRows } from '#ml/frame'
import { checkColumn, checkMissing, type Finding, wholePattern } from './check-column.ts'
import { acceptedColumns, quarantinedColumns } from './columns.ts'
import { convertCells } from './convert-cells.ts'
import { findingsReport } from './report.ts'

interface Options {
  readonly newColumns: 'drop' | 'keep'
  readonly mostQuarantined: number
}

/** Rows for which a rule across columns is false. */
async function checkRules(table: Table, schema: DataSchema, context: RunContext): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { name, condition } of schema.rules) {
    const sql = `SELECT __row AS broken FROM data WHERE NOT CAST((${condition}) AS BOOLEAN) ORDER BY __row`
    const found = await context.tables.rows(sql, { data: table })
    if (found.length > 0)
      findings.push({ column: '', rule: name, reason: name, rows: found.map((row) => Number(row['broken'])) })
  }
  return findings
}

function missingColumns(table: Table, schema: DataSchema): void {
  const present = new Set(table.columns.map(({ name }) => name))
  const missing = schema.columns.filter(({ name, required }) => required && !present.has(name))
  if (missing.length === 0) return
  throw new ProblemError({
    code: 'column-unknown',
    message: `The schema requires ${missing.map(({ name }) => `"${name}"`).join(', ')}, which the table does not have.`,
    path: ['inputs', 'table'],
    columns: missing.slice(0, 20).map(({ name }) => name),
    fix: 'Add the missing columns to the table, or infer the schema anew',
  })
}

function badPatterns(schema: DataSchema): void {
  const bad = schema.columns.filter(({ pattern }) => pattern !== undefined && wholePattern(pattern) === undefined)
  if (bad.length === 0) return
  throw new ProblemError({
    code: 'data-bad',
    message: `The schema's pattern for ${bad.map(({ name }) => name).join(', ')} is not a regular expression.`,
    path: ['inputs', 'schema'],
    fix: 'Correct the pattern in the schema',
  })
}

/** The frame in the schema's types, and what its columns break. */
function convertAndCheck(frame: Frame, schema: DataSchema, context: RunContext) {
  const findings: Finding[] = []
  const known = new Map(schema.columns.map((column) => [column.name, column]))
  const columns = frame.columns.map((column, index): FrameColumn => {
    context.progress(0.1 + (0.5 * index) / frame.columns.length, column.name)
    const expected = known.get(column.name)
    if (!expected) return column
    const { cells, failed } = convertCells(column, expected.type)
    const converted = { ...column, type: expected.type, cells }
    findings.push(...checkColumn(converted, expected, failed, frame.rows))
    findings.push(...checkMissing(converted, expected, frame.rows))
    return converted
  })
  return { columns, findings }
}

/** For each row the reasons that speak against it, joined; '' for a good row. */
function reasonsByRow(findings: readonly Finding[], rows: number): string[] {
  const reasons = new Array<string>(rows).fill('')
  for (const { reason, rows: broken } of findings)
    for (const row of broken) reasons[row] = reasons[row] === '' ? reason : `${reasons[row]}; ${reason}`
  return reasons
}

function quarantine(frame: Frame, reasons: readonly string[], rows: Uint32Array): Frame {
  const texts = Array.from(rows, (row) => reasons[row]!)
  const levels = [...new Set(texts)].sort((a, b) => (a < b ? -1 : 1))
  const code = new Map(levels.map((level, index) => [level, index]))
  const columns = quarantinedColumns(frame.columns.map(({ cells: _, ...column }) => column))
  const taken = takeRows(frame, rows)
  const reason: FrameColumn = {
    ...columns.at(-1)!,
    cells: { kind: 'text', codes: Int32Array.from(texts, (text) => code.get(text)!), levels },
  }
  return { rows: rows.length, columns: [...taken.columns, reason] }
}

function tooMany(quarantined: number, rows: number, most: number, findings: readonly Finding[]): void {
  if (rows === 0 || quarantined / rows <= most) return
  const worst = [...findings].sort((a, b) => b.rows.length - a.rows.length)[0]!
  throw new ProblemError({
    code: 'data-bad',
    message: `${quarantined} of ${rows} rows do not fit the schema; most often (${worst.rows.length} rows) ${worst.reason}.`,
    path: ['inputs', 'table'],
    rows: worst.rows.slice(0, 20),
    ...(worst.column === '' ? {} : { columns: [worst.column] }),
    fix: 'Correct the data or the schema, or allow a larger share of quarantined rows',
    cures: [
      {
        label: 'Let all of them go to quarantine',
        edits: [{ do: 'set', node: '', param: 'mostQuarantined', value: 1 }],
      },
    ],
  })
}

export async function validateTable(a: {
  inputs: { readonly table: Table; readonly schema: DataSchema }
  params: Options
  context: RunContext
}): Promise<{ table: Table; quarantined: Table; findings: Report }> {
  const { inputs, params, context } = a
  const { table, schema } = inputs
  missingColumns(table, schema)
  badPatterns(schema)
  context.progress(0, 'reading')
  const frame = await context.tables.read(table)
  const { columns, findings } = convertAndCheck(frame, schema, context)
  findings.push(...(await checkRules(table, schema, context)))
  context.progress(0.7, 'sorting rows')
  const reasons = reasonsByRow(findings, frame.rows)
  const all = Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const good = all.filter((row) => reasons[row] === '')
  const bad = all.filter((row) => reasons[row] !== '')
  tooMany(bad.length, frame.rows, params.mostQuarantined, findings)
  const accepted = acceptedColumns(table.columns, schema.columns, params.newColumns)
  const cells = new Map(columns.map((column) => [column.name, column.cells]))
  const kept: Frame = {
    rows: frame.rows,
    columns: accepted.map((column) => ({ ...column, cells: cells.get(column.name)! })),
  }
  const output = await context.tables.write(bad.length === 0 ? kept : takeRows(kept, good))
  context.progress(0.9)
  const quarantined = await context.tables.write(quarantine(frame, reasons, bad))
  const report = findingsReport({ table, schema, findings, quarantined: bad.length, newColumns: params.newColumns })
  context.progress(1)
  return { table: output, quarantined, findings: report }
}
