import { z } from 'zod'
import { columnRoles, columnTypes, defineNode, type Problem } from '#contract'
import { schemaColumns } from './assign-roles.ts'
import { schemaCard, schemaReport } from './report.ts'
import { inferSchema } from './run.ts'

const override = z.object({
  column: z.string().meta({ title: 'Column', description: 'Its name.' }),
  role: z.enum(columnRoles).optional().meta({ title: 'Role', description: 'What the column is for.' }),
  type: z.enum(columnTypes).optional().meta({ title: 'Type', description: 'What its cells should be.' }),
  nullable: z.boolean().optional().meta({ title: 'May be missing', description: 'Whether cells may be missing.' }),
  maxMissing: z.number().min(0).max(1).optional().meta({
    title: 'Most missing',
    description: 'Highest share of missing cells.',
  }),
  min: z.number().optional().meta({ title: 'Minimum', description: 'Lowest value; dates in milliseconds UTC.' }),
  max: z.number().optional().meta({ title: 'Maximum', description: 'Highest value; dates in milliseconds UTC.' }),
  domain: z.array(z.string()).optional().meta({ title: 'Domain', description: 'The values that may occur.' }),
  pattern: z.string().optional().meta({
    title: 'Pattern',
    description: 'A regular expression that matches the whole text.',
  }),
  unique: z.boolean().optional().meta({ title: 'Unique', description: 'Whether no value may stand twice.' }),
  ordered: z
    .enum(['ascending', 'descending'])
    .optional()
    .meta({ title: 'Order', description: 'How values run down the rows.' }),
  expected: z.enum(['rises', 'falls']).optional().meta({
    title: 'Expected direction',
    description: 'How the target should move when this feature grows.',
  }),
  doc: z.string().optional().meta({ title: 'Note', description: 'What the column means.' }),
})

export default defineNode({
  type: 'data/infer-schema',
  version: 1,
  title: 'Infer schema',
  doc: `Writes down what a table holds as a schema that people can review: for every column its type, its role, the values or the range that occur, how much is missing, what is unique. Validate schema then holds other data against it.

Roles come from the parameters first, then from the table, then, where that is safe, from names: age, sex, gender, race and their like are protected, \`id\` is an identifier, \`split\` says what a row is used for. **Protected** columns are never features. Text columns with few values get a domain, numbers a range widened by the slack, columns with gaps a highest share of missing cells a little above the one found. Overrides set any expectation by hand. The idea of a schema inferred, reviewed and enforced is that of Breck et al., *Data Validation for Machine Learning* (MLSys 2019).`,
  keywords: ['roles', 'target', 'protected', 'types', 'contract', 'expectations', 'data contract'],
  traits: ['assigns-roles'],
  inputs: { table: { type: 'table', doc: 'The table to learn the schema from.' } },
  outputs: { schema: { type: 'schema', doc: 'One expectation a column, with roles.' } },
  params: z.object({
    target: z.string().default('').meta({
      title: 'Target',
      description: 'The column to predict; empty keeps the table’s own, else a column named target, label or class.',
      widget: 'column',
    }),
    favourable: z.string().default('').meta({
      title: 'Favourable outcome',
      description: 'The target’s value that people want; empty takes yes, true, 1, approved or good where it occurs.',
    }),
    protected: z.array(z.string()).default([]).meta({
      title: 'Protected columns',
      description: 'Columns that must not decide; none chosen keeps the table’s own, else takes well-known names.',
      widget: 'columns',
    }),
    id: z.string().default('').meta({
      title: 'Identifier',
      description: 'The column that names a row; empty keeps the table’s own, else takes a column named id.',
      widget: 'column',
    }),
    weight: z
      .string()
      .default('')
      .meta({
        title: 'Weight',
        description: 'A column that weighs the rows.',
        widget: 'column',
        types: ['integer', 'number'],
        advanced: true,
      }),
    time: z
      .string()
      .default('')
      .meta({
        title: 'Time',
        description: 'A column that orders the rows in time.',
        widget: 'column',
        types: ['date', 'integer', 'number'],
        advanced: true,
      }),
    ignore: z.array(z.string()).default([]).meta({
      title: 'Left out of learning',
      description: 'Columns that flow on but are never a feature (role label).',
      widget: 'columns',
      advanced: true,
    }),
    guess: z.boolean().default(true).meta({
      title: 'Guess roles from names',
      description: 'Only where nothing is chosen and the table says nothing.',
      advanced: true,
    }),
    domainLimit: z.int().min(0).max(10_000).default(50).meta({
      title: 'Largest domain',
      description: 'Text columns with more different values get none.',
      unit: 'values',
      advanced: true,
    }),
    slack: z.number().min(0).max(10).default(0.1).meta({
      title: 'Slack',
      description: 'How far ranges reach beyond the values found, as a share of their width.',
      advanced: true,
    }),
    rules: z
      .array(
        z.object({
          name: z.string().min(1).meta({ title: 'Name', description: 'What the rule says.' }),
          condition: z.string().min(1).meta({
            title: 'Condition',
            description: 'SQL that is true for a good row, such as loan_amount <= 10 * income.',
          }),
        }),
      )
      .default([])
      .meta({
        title: 'Rules across columns',
        description: 'A row whose condition is false breaks the rule; an unknown one does not.',
        widget: 'rows',
      }),
    overrides: z.array(override).default([]).meta({
      title: 'Overrides',
      description: 'Expectations set by hand, one row a column.',
      widget: 'rows',
      advanced: true,
    }),
  }),
  async infer({ inputs, params, context }) {
    const columns = inputs.table.columns
    if (columns === undefined) return { schema: {} }
    const assigned = schemaColumns(columns, params)
    if (!assigned.ok) return assigned.problems
    const problems: Problem[] = []
    for (const [index, rule] of params.rules.entries()) {
      try {
        await context.describe(`SELECT CAST((${rule.condition}) AS BOOLEAN) AS holds FROM data`, { data: columns })
      } catch (error) {
        problems.push({
          code: 'parameter-bad',
          message: `The rule "${rule.name}" is not a condition over the table's columns: ${String((error as Error).message).slice(0, 300)}`,
          path: ['params', 'rules', index, 'condition'],
          fix: 'Write a condition such as loan_amount <= 10 * income',
        })
      }
    }
    if (problems.length > 0) return problems
    return { schema: { columns: assigned.columns } }
  },
  run: inferSchema,
  card: ({ outputs }) => schemaCard(outputs.schema),
  report: async ({ outputs }) => schemaReport(outputs.schema),
})
