import { z } from 'zod'
import { type CardFact, defineNode, type Model, type Problem, type ReportBlock } from '#contract'
import type { Preparation } from '#ml/prepare/preparation'
import { formatCount, formatInteger, formatNumber } from '#report/format-number'
import { chosenFeatures, columnProblems, prepareTable, prepareVersion } from './run.ts'

const override = z.object({
  column: z.string().meta({ title: 'Column', description: 'The column treated differently.', widget: 'column' }),
  impute: z
    .enum(['same', 'median', 'mean', 'mode', 'constant', 'category'])
    .default('same')
    .meta({ title: 'Missing values', description: 'What stands in for them; same keeps the rule above.' }),
  scale: z
    .enum(['same', 'standard', 'none'])
    .default('same')
    .meta({ title: 'Scale', description: 'For numbers only; same keeps the rule above.' }),
})

function preparationCard({ matrix = [], features }: Model): CardFact {
  return { text: `**${formatCount(features.length, 'column')}** → ${formatInteger(matrix.length)} numbers` }
}

function preparationBlocks(model: Model): ReportBlock[] {
  const { steps } = model.preparation as unknown as Preparation
  const numbers = steps.filter((step) => step.kind === 'number')
  const texts = steps.filter((step) => step.kind === 'text')
  const blocks: ReportBlock[] = [
    {
      block: 'text',
      text: `Fitted on ${formatInteger(model.training.rows)} training rows; the same numbers are used wherever the model goes.`,
    },
  ]
  if (numbers.length > 0)
    blocks.push({
      block: 'table',
      title: 'Numbers',
      columns: ['Column', 'Missing becomes', 'Marked', 'Minus', 'Divided by'],
      rows: numbers.map(({ name, fill, indicator, center, scale }) => [
        name,
        formatNumber(fill),
        indicator ? 'yes' : 'no',
        formatNumber(center),
        formatNumber(scale),
      ]),
    })
  if (texts.length > 0)
    blocks.push({
      block: 'table',
      title: 'Texts',
      columns: ['Column', 'Levels', 'Rare and unseen', 'Missing'],
      rows: texts.map(({ name, levels, other, missing }) => [
        name,
        levels.length > 8 ? `${levels.slice(0, 8).join(', ')} and ${levels.length - 8} more` : levels.join(', '),
        other ? 'a column of their own' : 'count as no level',
        missing === null
          ? 'counts as no level'
          : 'level' in missing
            ? `becomes ${missing.level}`
            : 'a column of its own',
      ]),
    })
  return blocks
}

export default defineNode({
  type: 'prepare/prepare',
  version: prepareVersion,
  title: 'Prepare',
  doc: `Turns raw columns into the numbers a learner needs: missing and infinite numbers become the training median (or mean, mode, a constant; booleans take the mode) and are marked, texts become one column a level with rare levels gathered in "(other)", and numbers are scaled to mean 0 and deviation 1. Everything is fitted on the training rows only and travels inside the model, so that the served model prepares a new row exactly as in training.

Scaling divides by the deviation with divisor n after imputation, as scikit-learn's StandardScaler does; a column without spread keeps its values minus the mean. Levels with less than the rare share of the training rows, and levels never seen in training, go to "(other)" where there is one. The preparation at the optional input is applied as it is instead of fitting a new one.`,
  keywords: ['impute', 'encode', 'one-hot', 'scale', 'standardise', 'missing', 'categories', 'preprocess'],
  inputs: {
    table: { type: 'table', doc: 'Rows to prepare; with a split column it is fitted on the training rows.' },
    preparation: { type: 'model', doc: 'A preparation fitted elsewhere, to be applied as it is.', optional: true },
  },
  outputs: {
    table: { type: 'table', doc: 'The prepared numbers, to look at; columns of other roles stay.' },
    preparation: { type: 'model', doc: 'The fitted preparation; learners make it part of their model.' },
  },
  params: z.object({
    columns: z
      .array(z.string())
      .default([])
      .meta({
        title: 'Columns',
        description: 'Columns to prepare; none chosen takes all features.',
        widget: 'columns',
        types: ['boolean', 'integer', 'number', 'text', 'date'],
      }),
    numberImpute: z.enum(['median', 'mean', 'mode', 'constant']).default('median').meta({
      title: 'Missing numbers become',
      description: 'The value that stands in for a missing number, from the training rows.',
    }),
    constant: z
      .number()
      .default(0)
      .meta({
        title: 'Constant',
        description: 'The number that stands in for missing ones.',
        when: { numberImpute: ['constant'] },
      }),
    indicator: z.boolean().default(true).meta({
      title: 'Mark missing numbers',
      description: 'Adds a column that is 1 where a number was missing.',
    }),
    scale: z.enum(['standard', 'none']).default('standard').meta({
      title: 'Scale numbers',
      description: 'Standard gives each number mean 0 and deviation 1 on the training rows.',
    }),
    textImpute: z.enum(['category', 'mode']).default('category').meta({
      title: 'Missing texts become',
      description: 'A category of their own, or the most frequent level.',
    }),
    rareShare: z.number().min(0).max(0.5).default(0.01).meta({
      title: 'Rare levels',
      description: 'Levels with a smaller share of the training rows are gathered in one column.',
      widget: 'slider',
    }),
    rareRows: z.int().min(1).max(1_000_000).default(1).meta({
      title: 'Rare below',
      description: 'Levels in fewer training rows are gathered too, whatever their share.',
      unit: 'rows',
      advanced: true,
    }),
    mostLevels: z.int().min(1).max(1000).default(100).meta({
      title: 'Most levels',
      description: 'At most so many levels of a text get a column; the less frequent are gathered.',
      unit: 'levels',
      advanced: true,
    }),
    overrides: z.array(override).default([]).meta({
      title: 'Other rules for single columns',
      description: 'Columns that are treated differently from the rules above.',
      widget: 'rows',
      advanced: true,
    }),
  }),
  async infer({ inputs, params }) {
    if (inputs.preparation?.purpose !== undefined && inputs.preparation.purpose !== 'preparation') {
      const problem: Problem = {
        code: 'not-supported',
        message: 'The model at the input preparation predicts; a preparation is needed there.',
        path: ['inputs', 'preparation'],
        fix: 'Connect the preparation of a prepare node, or remove the wire',
      }
      return [problem]
    }
    const { columns } = inputs.table
    const problems = columns && !inputs.preparation ? columnProblems(columns, params) : []
    if (problems.length > 0) return problems
    const features = inputs.preparation?.features ?? (columns && chosenFeatures(columns, params.columns))
    const rows = inputs.table.rows === undefined ? {} : { rows: inputs.table.rows }
    return { table: rows, preparation: { purpose: 'preparation', ...(features && { features }) } }
  },
  run: ({ inputs, hashes, params, context }) => prepareTable({ inputs, hashes, params, context }),
  card: ({ outputs }) => preparationCard(outputs.preparation),
  report: async ({ outputs }) => preparationBlocks(outputs.preparation),
})
