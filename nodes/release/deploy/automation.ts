import { z } from 'zod'
import {
  type Automation,
  automationLevels,
  type Frame,
  type KnownValues,
  type Model,
  type Problem,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { cellText, columnOf, splitRows, takeRows } from '#ml/frame'
import { columnOfRole } from '#ml/roles'
import { wilson } from '#ml/statistics/wilson'
import { formatCount, formatEstimate, formatNumber, formatPercent } from '#report/format-number'
import { bandOfError, bandOfShare, type FoundBand, type ScoredRow } from './uncertain-band.ts'

const served = { mode: ['server', 'batch'] }
const uncertain = { ...served, automation: ['uncertain-to-human'] }

/** Parameters of release/deploy that say what people decide. */
export const automationParams = {
  automation: z.enum(automationLevels).default('full').meta({
    title: 'Automation',
    description:
      'Who decides: people alone; people first; people with the model’s suggestion; the model where it is sure; the model unless vetoed; the model.',
    when: served,
  }),
  band: z
    .enum(['share', 'error', 'scores'])
    .default('share')
    .meta({ title: 'Uncertain is', description: 'How scores that go to people are found.', when: uncertain }),
  share: z
    .number()
    .min(0)
    .max(1)
    .default(0.2)
    .meta({
      title: 'Share to people',
      description: 'Of the validation rows, else the test rows: those least sure of.',
      when: { ...uncertain, band: ['share'] },
    }),
  error: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .meta({
      title: 'Largest error',
      description: 'Of what the model decides alone, on the validation rows, else the test rows.',
      when: { ...uncertain, band: ['error'] },
    }),
  low: z
    .number()
    .min(0)
    .max(1)
    .default(0.4)
    .meta({
      title: 'From score',
      description: 'The lowest that is uncertain; of several classes that of the class decided for.',
      when: { ...uncertain, band: ['scores'] },
    }),
  high: z
    .number()
    .min(0)
    .max(1)
    .default(0.6)
    .meta({
      title: 'To score',
      description: 'The highest that is uncertain.',
      when: { ...uncertain, band: ['scores'] },
    }),
  vetoMinutes: z
    .number()
    .min(0.01)
    .max(525_600)
    .default(60)
    .meta({
      title: 'Time to veto',
      unit: 'minutes',
      description: 'After it the model’s answer takes force.',
      when: { ...served, automation: ['veto'] },
    }),
  people: z.string().max(4_000).default('').meta({
    title: 'Always to people',
    description: 'Rows for which this holds: amount > 50000 or employment = none. Empty for none.',
    widget: 'code',
    when: served,
    advanced: true,
  }),
  checked: z.number().min(0).max(1).default(0).meta({
    title: 'Share drawn to check',
    description: 'Of all rows, at random: people judge them without seeing the model’s answer.',
    when: served,
    advanced: true,
  }),
  strange: z.boolean().default(false).meta({
    title: 'New values to people',
    description: 'Rows with a category or a number beyond what the training rows held.',
    when: served,
    advanced: true,
  }),
  ruled: z.boolean().default(false).meta({
    title: 'Fallback answers to people',
    description: 'Rows that the fallback rule answered.',
    when: served,
    advanced: true,
  }),
  dueHours: z.number().min(0).max(87_600).default(0).meta({
    title: 'Due after',
    unit: 'hours',
    description: 'When a case is overdue; 0 for never.',
    when: served,
    advanced: true,
  }),
}

type Params = z.output<z.ZodObject<typeof automationParams>>

/** What can not be, said before a run. */
export function automationProblems(params: Params, purpose: Model['purpose'] | undefined): readonly Problem[] {
  if (params.automation !== 'uncertain-to-human') return []
  if (purpose === 'regression')
    return [
      {
        code: 'not-supported',
        message: 'A model of numbers has no scores that say how sure it is.',
        path: ['params', 'automation'],
        fix: 'Choose another level of automation, as suggest or veto',
      },
    ]
  if (params.band !== 'scores' || params.low <= params.high) return []
  return [
    {
      code: 'parameter-bad',
      message: `The uncertain scores begin at ${params.low}, above their end ${params.high}.`,
      path: ['params', 'low'],
      fix: 'Let the first score be the smaller one',
    },
  ]
}

/** How much the served version will decide by itself, and a sentence about its band. Undefined for everything. */
export async function settleAutomation(
  params: Params,
  model: Model,
  context: RunContext,
): Promise<{ readonly automation: Automation; readonly words: readonly string[] } | undefined> {
  const { automation: level, people, checked, strange, ruled, dueHours, vetoMinutes } = params
  if (level === 'full' && people.trim() === '' && checked === 0 && !strange && !ruled) return undefined
  const found = level === 'uncertain-to-human' ? await uncertainBand(params, model, context) : undefined
  const automation: Automation = {
    level,
    ...(found && { band: found.band }),
    ...(level === 'veto' && { vetoMinutes }),
    ...(dueHours > 0 && { dueHours }),
    ...(people.trim() !== '' && { rule: people }),
    ...(checked > 0 && { auditShare: checked, seed: context.seed }),
    ...(strange && { known: await knownValues(model, context) }),
    ...(ruled && { fallback: true as const }),
  }
  return { automation, words: [levelWords(automation), ...(found ? [found.words] : []), ...conditionWords(automation)] }
}

async function trainingFrame(model: Model, context: RunContext, names: readonly string[]): Promise<Frame> {
  const table = JSON.parse(new TextDecoder().decode(await context.blobs.get(model.training.table))) as Table
  const split = columnOfRole(table.columns, 'split')?.name
  return context.tables.read(table, [...new Set([...names, ...(split === undefined ? [] : [split])])])
}

const featureNames = ({ features }: Model) => features.map(({ name }) => name)

/** Columns with more levels than this are running text or names: a new one is nothing strange there. */
const mostLevels = 200

async function knownValues(model: Model, context: RunContext): Promise<readonly KnownValues[]> {
  const whole = await trainingFrame(model, context, featureNames(model))
  const rows = splitRows(whole, 'train')
  const frame = rows.length > 0 ? takeRows(whole, rows) : whole
  return model.features.flatMap(({ name, image }): readonly KnownValues[] => {
    const { cells } = columnOf(frame, name)
    if (cells.kind === 'number') {
      let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
      for (const value of cells.values) {
        if (value < min) min = value
        if (value > max) max = value
      }
      return min <= max ? [{ column: name, min, max }] : []
    }
    const used = new Set(cells.codes)
    const levels = cells.levels.filter((_, code) => used.has(code))
    return image || levels.length > mostLevels ? [] : [{ column: name, levels }]
  })
}

interface Band {
  readonly band: NonNullable<Automation['band']>
  readonly words: string
}

async function uncertainBand(params: Params, model: Model, context: RunContext): Promise<Band> {
  if (params.band === 'scores') {
    const { low, high } = params
    return {
      band: { low, high },
      words: `People decide scores from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}.`,
    }
  }
  const { rows, part } = await scoredRows(model, context)
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'No rows are left over from training that could say which scores are uncertain.',
      path: ['params', 'band'],
      fix: 'Give the scores yourself, or split the table before training',
    })
  const found = params.band === 'share' ? bandOfShare(rows, params.share) : bandOfError(rows, params.error)
  return { band: bandAround(model, found.distance), words: bandWords(model, found, rows.length, part) }
}

/** Two classes: both sides of the threshold. Several: from nothing up to a confidence. */
function bandAround({ purpose, threshold = 0.5 }: Model, distance: number): Band['band'] {
  // Below nought nothing lies: no score is uncertain.
  if (distance < 0) return { low: 2, high: 2 }
  if (purpose === 'multiclass') return { low: 0, high: Math.min(1, distance) }
  return { low: Math.max(0, threshold - distance), high: Math.min(1, threshold + distance) }
}

/** Rows that training did not see, with how sure the model is and whether it is wrong. */
async function scoredRows(
  model: Model,
  context: RunContext,
): Promise<{ readonly rows: readonly ScoredRow[]; readonly part: string }> {
  const { classes = [], positive, threshold = 0.5, purpose, target } = model
  const whole = await trainingFrame(model, context, [...featureNames(model), ...(target === undefined ? [] : [target])])
  const part = (['validation', 'test'] as const).find((name) => splitRows(whole, name).length > 0)
  if (!part || !columnsHaveSplit(whole)) return { rows: [], part: 'test' }
  const frame = takeRows(whole, splitRows(whole, part))
  const { values, width } = await context.models.score(model, frame)
  const own = classes.indexOf(positive ?? classes[1] ?? '')
  const labels = target === undefined ? undefined : columnOf(frame, target)
  const rows = Array.from({ length: frame.rows }, (_, row): ScoredRow => {
    const scores = values.subarray(row * width, (row + 1) * width)
    const best = scores.indexOf(scores.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY))
    const decided = purpose === 'binary' ? (scores[own]! >= threshold ? own : 1 - own) : best
    const label = labels && cellText(labels, row)
    return {
      distance: purpose === 'binary' ? Math.abs(scores[own]! - threshold) : scores[best]!,
      ...(label != null && { wrong: label !== classes[decided] }),
    }
  })
  return { rows, part }
}

/** Without a split `splitRows` gives all rows, and the model has learned from them. */
const columnsHaveSplit = (frame: Frame) => columnOfRole(frame.columns, 'split') !== undefined

function bandWords(model: Model, found: FoundBand, rows: number, part: string): string {
  const { low, high } = bandAround(model, found.distance)
  const scores = found.people === 0 ? 'no score' : `scores from ${formatNumber(low, 3)} to ${formatNumber(high, 3)}`
  const error = wilson(found.wrong, found.judged)
  return `People decide ${scores}: ${formatPercent(found.people / rows)} of ${formatCount(rows, `${part} row`)}. The model is wrong on ${formatEstimate(error, 'percent')} of those it decides alone.`
}

const levels: Readonly<Record<Automation['level'], string>> = {
  'human-only': 'People decide every row; the model is not shown.',
  'human-first': 'People decide every row first, then see the model’s answer and may revise.',
  suggest: 'People decide every row, with the model’s suggestion and reasons before them.',
  'uncertain-to-human': 'The model decides where it is sure, people the rest.',
  veto: 'The model’s answers take force unless a person vetoes them in time.',
  full: 'The model decides.',
}
const levelWords = ({ level, vetoMinutes }: Automation) =>
  vetoMinutes === undefined ? levels[level] : `${levels[level]} Time to veto: ${formatNumber(vetoMinutes)} minutes.`

function conditionWords({ rule, auditShare, seed, known, fallback }: Automation): readonly string[] {
  return [
    ...(rule === undefined ? [] : [`Always to people: rows with ${rule}.`]),
    ...(auditShare === undefined ? [] : [`Drawn to check: ${formatPercent(auditShare)} of all rows, seed ${seed}.`]),
    ...(known === undefined
      ? []
      : [`Rows with values that training never saw go to people: ${known.map(({ column }) => column).join(', ')}.`]),
    ...(fallback ? ['Answers of the fallback rule go to people.'] : []),
  ]
}
