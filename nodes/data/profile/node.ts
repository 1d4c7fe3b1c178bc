import { z } from 'zod'
import { defineNode } from '#contract'
import { linkCharts } from './link-charts.ts'
import { profileCard, profileReport } from './report.ts'
import { profileTable } from './run.ts'

export default defineNode({
  type: 'data/profile',
  version: 1,
  title: 'Profile',
  doc: `Describes every column of a table before anything is done to it: what is missing, how many values differ, moments and quantiles, a histogram or the most frequent values, and outliers. It also names constant columns and columns in which every row differs, and counts rows that stand twice.

Quantiles are type 7 of Hyndman & Fan (*The American Statistician* 50, 1996), the deviation divides by n − 1, skewness and kurtosis are the standardised central moments. Outliers lie beyond Tukey's inner fences, 1.5 interquartile ranges from the quartiles (*Exploratory Data Analysis*, 1977). Histograms follow Freedman & Diaconis (1981).`,
  keywords: ['summary', 'describe', 'histogram', 'distribution', 'missing', 'outliers', 'quantiles', 'statistics'],
  inputs: { table: { type: 'table', doc: 'The table to describe.' } },
  outputs: { report: { type: 'report', doc: 'The description, column by column.' } },
  params: z.object({
    columns: z.array(z.string()).default([]).meta({
      title: 'Columns',
      description: 'Which columns to describe; none chosen means all.',
      widget: 'columns',
    }),
    top: z.int().min(1).max(100).default(10).meta({
      title: 'Most frequent values',
      description: 'How many values of a text column to show.',
      unit: 'values',
    }),
    charts: z.int().min(0).max(500).default(40).meta({
      title: 'Charts',
      description: 'At most so many columns get a chart; the table lists all.',
      unit: 'columns',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    const names = (inputs.table.columns ?? []).map(({ name }) => name)
    const unknown = params.columns.filter((name) => !names.includes(name))
    if (unknown.length === 0 || inputs.table.columns === undefined) return { report: {} }
    return [
      {
        code: 'column-unknown',
        message: `The table has no column ${unknown.map((name) => `"${name}"`).join(', ')}.`,
        path: ['params', 'columns'],
        columns: unknown.slice(0, 20),
        fix: 'Choose among the columns of the table',
      },
    ]
  },
  async run({ inputs, params, context }) {
    return { report: profileReport(await profileTable(inputs.table, params.columns, context), params) }
  },
  card: ({ inputs, outputs }) => profileCard(outputs.report, inputs.table),
  report: async ({ inputs, outputs, hashes }) => linkCharts(outputs.report.blocks, inputs.table.columns, hashes.table),
})
