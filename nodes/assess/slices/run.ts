import {
  type Column,
  type Evaluation,
  type Hash,
  type Metric,
  type Model,
  ProblemError,
  type RunContext,
  type Slice,
  type Table,
} from '#contract'
import { decide } from '#ml/metrics/confusion'
import { featureSlices } from '#ml/slices/feature-slices'
import { meanEstimate, type Outcomes, type RowSet, sliceFigures } from '#ml/slices/slice-figures'
import { quantiles } from '#ml/statistics/quantiles'
import { wilson } from '#ml/statistics/wilson'
import { evaluationHead, type Judged, judgeRows, type RowChoice } from '../judged-rows.ts'
import { type GivenSlices, givenRowSets, sliceComplaints } from './given-slices.ts'
import { slicesFrame } from './slices-table.ts'
import { type WorstSearch, withWorst } from './worst-slices.ts'

interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: WorstSearch & {
    readonly rows: RowChoice
    readonly given: GivenSlices
    readonly everyColumn: boolean
    readonly columns: readonly string[]
  }
  readonly context: RunContext
}

/** Slices an evaluation carries, the worst; the table has all. */
const mostCarried = 400

export async function evaluateSlices({
  inputs,
  hashes,
  params,
  context,
}: Run): Promise<{ evaluation: Evaluation; slices: Table }> {
  const { model, table } = inputs
  const complaints = sliceComplaints(params.given, table.columns)
  if (complaints.length > 0) throw new ProblemError(complaints)
  context.progress(0, 'scoring')
  const sliced = params.everyColumn ? slicedColumns(table.columns, model, params.columns) : []
  const extra = [...sliced.map(({ name }) => name), ...params.given.map(({ column }) => column)]
  const judged = await judgeRows({ model, table, rows: params.rows, extra }, context)
  context.progress(0.5, 'slices')
  const outcomes = outcomesOf(model, judged)
  const given = givenRowSets(params.given, judged.frame).map((set) => sliceFigures(set, outcomes, params.smallBelow))
  const single = sliced.map((column) => ({ column, sets: setsOf(judged, column) }))
  const each: Slice[] = []
  single.forEach(({ column, sets }, index) => {
    for (const set of sets) each.push(sliceFigures(set, outcomes, params.smallBelow))
    context.progress(0.5 + (0.1 * (index + 1)) / sliced.length, column.name)
  })
  const searched = withWorst(single, each, outcomes, params, context)
  const ordered = [...given, ...searched.slices].sort(worstFirst)
  const all = Uint32Array.from(outcomes.errors.keys())
  const wrong = outcomes.errors.reduce((sum, error) => sum + error, 0)
  const written = await context.tables.write(slicesFrame(ordered))
  context.progress(1)
  const overall = outcomes.sizes ? meanEstimate(outcomes.sizes, all) : wilson(all.length - wrong, all.length)
  return {
    evaluation: {
      ...evaluationHead(hashes, table, judged),
      subject: 'slices',
      metrics: sliceMetrics(ordered, wilson(wrong, all.length), searched.tested),
      slices: { metric: outcomes.sizes ? 'mae' : 'accuracy', overall, slices: carried(ordered) },
    },
    slices: written,
  }
}

/** The worst of many, and all that are beyond chance. */
const carried = (ordered: readonly Slice[]) =>
  ordered.filter(({ chance }, at) => at < mostCarried || chance !== undefined)

const unsliced = new Set(['target', 'id', 'split', 'weight', 'label'])

/** The columns chosen, whatever their role; without a choice all that describe people. */
function slicedColumns(columns: readonly Column[], model: Model, chosen: readonly string[]): Column[] {
  const wanted = ({ name, role }: Column) => (chosen.length > 0 ? chosen.includes(name) : !(role && unsliced.has(role)))
  return columns.filter((column) => column.name !== model.target && column.type !== 'image' && wanted(column))
}

/** A column's slices; none when all rows are in one. */
function setsOf(judged: Judged, { name }: Column): RowSet[] {
  const column = judged.frame.columns.find((candidate) => candidate.name === name)
  const sets = column ? featureSlices(column) : []
  return sets.length > 1 ? sets : []
}

function outcomesOf(model: Model, judged: Judged): Outcomes {
  if (judged.task === 'numbers') {
    const sizes = judged.values.map((value, row) => Math.abs(value - judged.scores[row]!))
    const limit = quantiles(sizes, [0.9])[0]!
    return { sizes, errors: Uint8Array.from(sizes, (size) => (size > limit ? 1 : 0)) }
  }
  const positive = judged.classes.indexOf(model.positive ?? '')
  const decided = decide(judged.scores, judged.classes.length, positive < 0 ? undefined : positive, model.threshold)
  return { errors: Uint8Array.from(decided, (code, row) => (code === judged.codes[row] ? 0 : 1)) }
}

/** Small slices last; else by the lower end of the error rate, then by size, then by name. */
function worstFirst(a: Slice, b: Slice): number {
  return (
    Number(a.small) - Number(b.small) ||
    (b.errorRate.low ?? 0) - (a.errorRate.low ?? 0) ||
    b.rows - a.rows ||
    (a.label < b.label ? -1 : 1)
  )
}

function sliceMetrics(slices: readonly Slice[], overall: ReturnType<typeof wilson>, tested: number): Metric[] {
  const worst = slices.find(({ small }) => !small)
  const room = slices.reduce((most, slice) => Math.max(most, slice.small ? 0 : slice.room), 0)
  return [
    { name: 'slices.error_rate', label: 'Error rate', better: 'low', ...overall },
    ...(worst
      ? [
          {
            name: 'slices.worst_error_rate',
            label: 'Error rate of the worst slice',
            better: 'low' as const,
            ...worst.errorRate,
          },
        ]
      : []),
    { name: 'slices.count', label: 'Slices', better: 'neither', value: slices.length },
    { name: 'slices.largest_room', label: 'Largest room for improvement', better: 'low', value: room },
    ...(tested > 0
      ? [
          {
            name: 'slices.beyond_chance',
            label: 'Slices worse beyond chance',
            better: 'low' as const,
            value: slices.filter(({ chance }) => chance !== undefined).length,
            n: tested,
          },
        ]
      : []),
  ]
}
