import { z } from 'zod'
import { defineNode } from '#contract'
import { rowOperators } from '#ml/choose/row-conditions'
import { complaintsAbout } from './conditions.ts'
import { filterCard, filterReport } from './report.ts'
import { filterRows } from './run.ts'

export default defineNode({
  type: 'prepare/filter-rows',
  version: 1,
  title: 'Filter rows',
  doc: `Keeps the rows for which conditions on their columns hold, in their order, and gives the others at a second port, so that no row is lost without a trace. A selection made in a table or a chart is kept as such a node.

All conditions must hold, or any of them is enough. A comparison never holds for a missing cell, *is not* included: add *is missing* with "any of them", or tick *also where missing* in the row. Missing is a cell without a value, an empty text, or a number that is not finite. Whatever does not hold goes to the other rows, so both together are the table (unlike in SQL, where a row of unknown outcome is in neither).

Text is compared as it stands, capitals and spaces included. Columns, types and roles stay as they are. Leaving out rows changes whom a model learns from: the wire behind this node tells how many of each protected group were left out.`,
  keywords: ['where', 'select rows', 'subset', 'slice', 'condition', 'query', 'keep', 'drop'],
  traits: ['filters-rows'],
  inputs: { table: { type: 'table', doc: 'The rows to choose from.' } },
  outputs: {
    table: { type: 'table', doc: 'The rows for which the conditions hold.' },
    others: { type: 'table', doc: 'All other rows.' },
  },
  params: z.object({
    conditions: z
      .array(
        z.object({
          column: z.string().min(1).meta({ title: 'Column', description: 'The column to look at.', widget: 'column' }),
          operator: z.enum(rowOperators).default('=').meta({ title: 'Operator', description: 'How it is compared.' }),
          value: z.string().default('').meta({
            title: 'Value',
            description: 'A number, a date as 2026-11-21, or a text; for "one of" a list: car, "home, new".',
          }),
          orMissing: z
            .boolean()
            .default(false)
            .meta({ title: 'Also where missing', description: 'The condition holds for missing cells too.' }),
        }),
      )
      .default([])
      .meta({ title: 'Conditions', description: 'Without any, all rows are kept.', widget: 'rows' }),
    match: z
      .enum(['all', 'any'])
      .default('all')
      .meta({ title: 'Rows must meet', description: 'All of the conditions, or any of them.' }),
  }),
  async infer({ inputs, params }) {
    const { columns } = inputs.table
    const problems = columns ? complaintsAbout(params.conditions, columns) : []
    if (problems.length > 0) return problems
    return columns ? { table: { columns }, others: { columns } } : { table: {}, others: {} }
  },
  run: filterRows,
  card: ({ inputs, outputs }) => filterCard(inputs.table, outputs.table),
  report: ({ inputs, outputs, params, context }) =>
    filterReport({ before: inputs.table, kept: outputs.table, params, context }),
})
