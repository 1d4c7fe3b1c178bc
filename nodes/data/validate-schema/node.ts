import { z } from 'zod'
import { type Column, defineNode, type Problem } from '#contract'
import { acceptedColumns, quarantinedColumns } from './columns.ts'
import { findingsCard } from './report.ts'
import { validateTable } from './run.ts'

export default defineNode({
  type: 'data/validate-schema',
  version: 1,
  title: 'Validate schema',
  doc: `Holds a table against a schema. Rows that fit flow on with the roles and types of the schema; rows that do not leave by the port **quarantined** with every reason, so nothing is lost silently.

Checked are type, presence, domain, range, pattern, uniqueness, order and the rules across columns, row by row; the share of missing cells and new, missing or retyped columns for the table as a whole. A rule across columns is SQL; like a CHECK constraint it is broken only where it is false, not where it is unknown. Of values that may stand only once the first stays. A required column that is missing stops the pipeline before the run, and so does, during it, a quarantine that holds more than the allowed share of the rows. After Breck et al., *Data Validation for Machine Learning* (MLSys 2019).`,
  keywords: ['check', 'expectations', 'quarantine', 'quality', 'contract', 'skew', 'rules'],
  traits: ['applies-roles'],
  inputs: {
    table: { type: 'table', doc: 'The rows to check.' },
    schema: { type: 'schema', doc: 'What is expected of them.' },
  },
  outputs: {
    table: { type: 'table', doc: 'Rows that fit, with the roles and types of the schema.' },
    quarantined: { type: 'table', doc: 'Rows that do not, as they came, with the reasons.' },
    findings: { type: 'report', doc: 'Rules that were broken, with counts, and how the columns differ.' },
  },
  params: z.object({
    newColumns: z.enum(['drop', 'keep']).default('drop').meta({
      title: 'Columns the schema does not know',
      description: 'Kept ones get the role label, so that no model learns from them.',
    }),
    mostQuarantined: z.number().min(0).max(1).default(0.5).meta({
      title: 'Most quarantined',
      description: 'A larger share of quarantined rows stops the run.',
    }),
  }),
  async infer({ inputs, params }) {
    const { columns } = inputs.table
    const expected = inputs.schema.columns
    if (columns === undefined) return { table: {}, quarantined: {}, findings: {} }
    if (expected === undefined)
      return { table: {}, quarantined: { columns: quarantinedColumns(columns) }, findings: {} }
    const present = new Set(columns.map(({ name }) => name))
    const missing = expected.filter(({ name }) => !present.has(name))
    if (missing.length > 0) return [missingProblem(missing)]
    return {
      table: { columns: acceptedColumns(columns, expected, params.newColumns) },
      quarantined: { columns: quarantinedColumns(columns) },
      findings: {},
    }
  },
  run: validateTable,
  card: ({ outputs }) => findingsCard(outputs.findings, outputs.quarantined),
  report: async ({ outputs }) => outputs.findings.blocks,
})

function missingProblem(missing: readonly Column[]): Problem {
  const names = missing.map(({ name }) => `"${name}"`).join(', ')
  return {
    code: 'column-unknown',
    message: `The schema requires ${missing.length === 1 ? 'the column' : 'the columns'} ${names}, which the table does not have.`,
    path: ['inputs', 'table'],
    columns: missing.slice(0, 20).map(({ name }) => name),
    fix: 'Add the missing columns to the table, or infer the schema anew',
  }
}
