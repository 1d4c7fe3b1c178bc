import { z } from 'zod'
import { defineNode } from '#contract'
import { rowOperators } from '#ml/choose/row-conditions'
import { rowTests } from './conditions.ts'
import { filterCard, filterReport } from './report.ts'
import { filterRows } from './run.ts'

export default defineNode({
  type: 'prepare/filter-rows',
  version: 1,
  title: 'Filter rows',
  doc: `Keeps the rows for which conditions on their columns hold, in their order, and gives the others at a second port, so that no row is lost without a trace. A selection made in a table or a chart is kept as such a node.

Rows are chosen by conditions on columns, by outlines over two columns, and by their number. An outline holds the rows that lie in it by the even-odd rule, those on its edge included (Shimrat, *CACM* 5, 1962). Numbers that were chosen in a view remember the content of the table: where it has changed the step refuses, since a number may be another row by then.

All of these must hold, or any of them is enough. A comparison never holds for a missing cell, *is not* included: add *is missing* with "any of them", or tick *also where missing* in the row. Missing is a cell without a value, an empty text, or a number that is not finite. Whatever does not hold goes to the other rows, so both together are the table (unlike in SQL, where a row of unknown outcome is in neither).

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
    areas: z
      .array(
        z.object({
          x: z
            .string()
            .min(1)
            .meta({ title: 'Along x', description: 'A column of numbers or dates.', widget: 'column' }),
          y: z
            .string()
            .min(1)
            .meta({ title: 'Along y', description: 'A column of numbers or dates.', widget: 'column' }),
          outline: z.string().meta({
            title: 'Outline',
            description: 'Corners in turn, x and y of each: 20 1.5, 30 2, 25 4.',
          }),
        }),
      )
      .max(20)
      .default([])
      .meta({ title: 'Outlines', description: 'As a lasso in a chart draws them.', widget: 'rows', advanced: true }),
    rowNumbers: z.string().max(400_000).default('').meta({
      title: 'Row numbers',
      description: 'Counted from 1, as 3, 7-12; empty for any.',
      advanced: true,
    }),
    rowNumbersOf: z.string().default('').meta({
      title: 'Numbers of',
      description: 'The content the numbers were chosen in. Empty takes them as they stand in any table.',
      advanced: true,
    }),
    match: z
      .enum(['all', 'any'])
      .default('all')
      .meta({ title: 'Rows must meet', description: 'All of the conditions, outlines and numbers, or any of them.' }),
  }),
  async infer({ inputs, params }) {
    const { columns } = inputs.table
    const problems = columns ? rowTests(params, columns).flatMap((test) => test.problems) : []
    if (problems.length > 0) return problems
    return columns ? { table: { columns }, others: { columns } } : { table: {}, others: {} }
  },
  run: filterRows,
  card: ({ inputs, outputs }) => filterCard(inputs.table, outputs.table),
  report: ({ inputs, outputs, params, context }) =>
    filterReport({ before: inputs.table, kept: outputs.table, params, context }),
})
