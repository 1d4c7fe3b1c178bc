import { z } from 'zod'
import { encodings, scales } from '#ml/prepare/preparation'

const override = z.object({
  column: z.string().meta({ title: 'Column', description: 'The column treated differently.', widget: 'column' }),
  impute: z
    .enum(['same', 'median', 'mean', 'mode', 'constant', 'neighbours', 'category'])
    .default('same')
    .meta({ title: 'Missing values', description: 'What stands in for them; same keeps the rule above.' }),
  encode: z
    .enum(['same', ...encodings, 'number', 'parts', 'circles'])
    .default('same')
    .meta({
      title: 'Becomes',
      description: 'For texts an encoding or terms, for dates a number, parts or circles; same keeps the rule above.',
    }),
  scale: z
    .enum(['same', ...scales])
    .default('same')
    .meta({ title: 'Scale', description: 'For numbers and dates; same keeps the rule above.' }),
})

const numbers = {
  numberImpute: z.enum(['median', 'mean', 'mode', 'constant', 'neighbours']).default('median').meta({
    title: 'Missing numbers become',
    description:
      'What stands in for a missing number, from the training rows: one figure of its column, or the mean of the rows most like it.',
  }),
  constant: z
    .number()
    .default(0)
    .meta({
      title: 'Constant',
      description: 'The number that stands in for missing ones.',
      when: { numberImpute: ['constant'] },
    }),
  neighbours: z.int().min(1).max(100).default(5).meta({
    title: 'Neighbours',
    description: 'Rows whose mean stands in, where missing numbers come from neighbours.',
    unit: 'rows',
    advanced: true,
  }),
  neighbourRows: z.int().min(10).max(5000).default(1000).meta({
    title: 'Rows to compare with',
    description: 'Training rows kept inside the model for neighbours; more of them are thinned out evenly.',
    unit: 'rows',
    advanced: true,
  }),
  indicator: z.boolean().default(true).meta({
    title: 'Mark missing numbers',
    description: 'Adds a column that is 1 where a number or date was missing.',
  }),
  scale: z.enum(scales).default('standard').meta({
    title: 'Scale numbers',
    description:
      'Standard gives mean 0 and deviation 1 on the training rows, min-max 0 to 1, robust the median and the middle half; quantiles give a number’s place among the training rows, Yeo-Johnson the power that makes them most like a normal distribution.',
  }),
}

const texts = {
  dates: z.enum(['number', 'parts', 'circles']).default('number').meta({
    title: 'Dates become',
    description:
      'One number; or year, month, day, weekday and hour; or the same with the parts that come round again as sine and cosine.',
  }),
  textImpute: z.enum(['category', 'mode']).default('category').meta({
    title: 'Missing texts become',
    description: 'A category of their own, or the most frequent level.',
  }),
  encode: z.enum(['one-hot', 'ordinal', 'target', 'hash']).default('one-hot').meta({
    title: 'Categories become',
    description:
      'One column a level; one whole number; the mean of the target in the level, shrunk towards the mean of all; or a few columns that levels share.',
  }),
  longTexts: z
    .enum(['categories', 'words', 'characters', 'hashed-words', 'hashed-characters'])
    .default('categories')
    .meta({
      title: 'Running texts become',
      description:
        'Columns with many different texts of 20 characters and more on average: categories like the others, terms weighted by TF-IDF, or hashed terms.',
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
  buckets: z.int().min(2).max(4096).default(64).meta({
    title: 'Hash columns',
    description: 'Columns that the levels of a hashed category share.',
    unit: 'columns',
    advanced: true,
  }),
}

const target = {
  target: z.string().default('').meta({
    title: 'Target',
    description: 'What levels are encoded by; empty takes the column with the role target.',
    widget: 'column',
    advanced: true,
  }),
  smoothing: z.enum(['auto', 'rows']).default('auto').meta({
    title: 'Shrink target means',
    description:
      'By how much the target varies within the level and over all, or as if so many more rows had the mean of all.',
    advanced: true,
  }),
  smoothingRows: z
    .number()
    .min(0)
    .max(1_000_000)
    .default(10)
    .meta({
      title: 'Rows of the mean',
      description: 'Weight of the mean of all beside the rows of the level.',
      unit: 'rows',
      when: { smoothing: ['rows'] },
      advanced: true,
    }),
  crossFolds: z.int().min(2).max(50).default(5).meta({
    title: 'Folds of target means',
    description: 'A training row’s code comes from the other folds, so that its own target has no part in it.',
    unit: 'folds',
    advanced: true,
  }),
}

const terms = {
  mostWords: z.int().min(1).max(3).default(2).meta({
    title: 'Words in a term',
    description: 'Runs of up to so many words are terms.',
    unit: 'words',
    advanced: true,
  }),
  fewestCharacters: z.int().min(1).max(8).default(3).meta({
    title: 'Characters in a term, at least',
    description: 'For terms of characters.',
    unit: 'characters',
    advanced: true,
  }),
  mostCharacters: z.int().min(1).max(8).default(5).meta({
    title: 'Characters in a term, at most',
    description: 'For terms of characters.',
    unit: 'characters',
    advanced: true,
  }),
  termRows: z.int().min(1).max(1_000_000).default(2).meta({
    title: 'Terms in at least',
    description: 'Terms in fewer training rows are left out.',
    unit: 'rows',
    advanced: true,
  }),
  mostTerms: z.int().min(1).max(20_000).default(2000).meta({
    title: 'Most terms',
    description: 'The most frequent terms get a column.',
    unit: 'terms',
    advanced: true,
  }),
  dampCounts: z.boolean().default(false).meta({
    title: 'Damp repeated terms',
    description: 'Counts 1 + ln(count) in place of the count.',
    advanced: true,
  }),
  termBuckets: z.int().min(16).max(16_384).default(1024).meta({
    title: 'Hash columns of terms',
    description: 'Columns that hashed terms share.',
    unit: 'columns',
    advanced: true,
  }),
}

export const prepareParams = z.object({
  columns: z
    .array(z.string())
    .default([])
    .meta({
      title: 'Columns',
      description: 'Columns to prepare; none chosen takes all features.',
      widget: 'columns',
      types: ['boolean', 'integer', 'number', 'text', 'date'],
    }),
  ...numbers,
  ...texts,
  ...target,
  ...terms,
  overrides: z.array(override).default([]).meta({
    title: 'Other rules for single columns',
    description: 'Columns that are treated differently from the rules above.',
    widget: 'rows',
    advanced: true,
  }),
})
export type PrepareParams = z.output<typeof prepareParams>
