import type { Frame, FrameColumn, Model, ReasonChange, RunContext } from '#contract'
import { type ChangeRule, changeRules, describeChange, shortage, stack } from '#ml/explain/change-rules'
import { codeRows, decodeRows, scoreCoded } from '#ml/explain/coded-rows'
import { geneticCounterfactuals } from '#ml/explain/genetic-counterfactuals'
import { rowOf, type ScoreRows } from '#ml/explain/score-rows'
import { columnOf, splitRows, takeRows } from '#ml/frame'
import { createRandom } from '#ml/random/random'
import { defaultDigits, formatNumber } from '#report/format-number'
import { shownValue } from '../shap/explained-person.ts'
import type { DecidedPeople } from './decided-people.ts'

/** Columns that nobody can change, and those that can only go one way; protected ones never change. */
export interface ChangeLimits {
  readonly fixed: readonly string[]
  readonly rising: readonly string[]
  readonly falling: readonly string[]
}
/** Finds the smallest change of one person's columns that leads to another decision; null where none was found. */
export type FindChange = (place: number) => Promise<ReasonChange | null>

/** Rows that ranges and other people's values are taken from. */
const mostRows = 2_000
/** A score that only reaches the limit may be on either side of it after rounding. */
export const beyond = { atLeast: 1e-9 }
const search = { count: 1, population: 80, generations: 30 }

export function changeFinder(
  model: Model,
  people: DecidedPeople,
  whole: Frame,
  limits: ChangeLimits,
  context: RunContext,
): FindChange {
  const names = model.features.map(({ name }) => name)
  const table = codeRows(takeRows(whole, knownRows(whole, context.seed)), names)
  const own = codeRows(people.frame, names)
  const columns = names.map((name) => columnOf(people.frame, name))
  const places = (chosen: readonly string[]) => names.flatMap((name, at) => (chosen.includes(name) ? at : []))
  const guarded = people.frame.columns.filter(({ role }) => role === 'protected').map(({ name }) => name)
  const rules = changeRules(table, {
    categories: [...names.keys()].filter((at) => isCategory(columns[at]!)),
    immutable: places([...limits.fixed, ...guarded]),
    rising: places(limits.rising),
    falling: places(limits.falling),
  })
  return async (place) => {
    const aim = aimOf(people, place)
    const score = async (frame: Frame) => {
      context.signal.throwIfAborted()
      const { values } = await context.models.score(model, frame)
      const width = values.length / frame.rows
      return Float64Array.from({ length: frame.rows }, (_, row) =>
        aim.reach(values.subarray(row * width, (row + 1) * width)),
      )
    }
    const scoreRows = scoreCoded(score, people.frame, names)
    const row = rowOf(own, place).slice()
    const seed = `${context.seed}/${people.rows[place]}`
    const [found] = await geneticCounterfactuals(scoreRows, rules, row, beyond, table, { ...search, seed })
    if (!found) return null
    const changed = await roundChange(scoreRows, columns, rules, row, found.row)
    const after = decodeRows(stack([row, changed]), people.frame, names)
    const { values } = await context.models.score(model, after)
    return {
      to: aim.to,
      score: aim.shown(values.subarray(values.length / 2)),
      cells: describeChange(rules, row, changed, 0).changes.map(({ column }) => {
        const cells = columnOf(after, names[column]!)
        return { feature: names[column]!, from: toldCell(cells, 0), to: toldCell(cells, 1) }
      }),
    }
  }
}

const isCategory = ({ cells, type }: FrameColumn) => cells.kind === 'text' || type === 'boolean'

function knownRows(whole: Frame, seed: number): Uint32Array {
  const train = splitRows(whole, 'train')
  const rows = train.length > 0 ? train : Uint32Array.from({ length: whole.rows }, (_, row) => row)
  const drawn = createRandom(seed).split('explain/reasons changes').permutation(rows.length).slice(0, mostRows)
  return Uint32Array.from(drawn, (at) => rows[at]!).sort()
}

/** The other decision, how far a row's scores are beyond it, and the score that is told. */
interface Aim {
  readonly to: string
  reach(scores: Float64Array): number
  shown(scores: Float64Array): number
}

export function aimOf({ outcome, favourable, classes, given, other, limit = 0 }: DecidedPeople, place: number): Aim {
  const better = favourable[place] === 0
  const to = better ? outcome.favourable : outcome.unfavourable
  if (given && other) {
    const aim = better ? classes.indexOf(outcome.favourable) : other[place]!
    const most = (scores: Float64Array) =>
      scores.reduce((best, score, at) => (at === aim ? best : Math.max(best, score)), Number.NEGATIVE_INFINITY)
    return { to: classes[aim]!, reach: (scores) => scores[aim]! - most(scores), shown: (scores) => scores[aim]! }
  }
  const at = outcome.kind === 'number' ? 0 : classes.indexOf(outcome.favourable)
  const up = outcome.kind === 'number' ? (outcome.favourable === 'above') === better : better
  const sign = up ? 1 : -1
  return { to, reach: (scores) => sign * (scores[at]! - limit), shown: (scores) => scores[at]! }
}

/** What is told has to be what was judged: a number in the decimals that it is shown with, a date in days. */
function tellable(column: FrameColumn, from: number, to: number, { low, high }: ChangeRule, digits: number): number {
  const gap = to - from
  if (isCategory(column) || gap === 0 || Number.isNaN(gap)) return to
  const shown = column.type === 'date' ? dayMs : 10 ** -defaultDigits(to)
  const step = Math.max(shown, 10 ** (Math.floor(Math.log10(Math.abs(gap))) + 1 - digits))
  const told = Number(((gap > 0 ? Math.ceil(to / step) : Math.floor(to / step)) * step).toPrecision(12))
  return told >= low && told <= high ? told : to
}

const dayMs = 86_400_000

/** The change in two digits of it, else in those that are shown, where the decision stays the other one; else as it is. */
async function roundChange(
  score: ScoreRows,
  columns: readonly FrameColumn[],
  rules: readonly ChangeRule[],
  from: Float64Array,
  to: Float64Array,
): Promise<Float64Array> {
  const rounded = [2, 9].map((digits) =>
    to.map((value, j) => tellable(columns[j]!, from[j]!, value, rules[j]!, digits)),
  )
  const scores = await score(stack(rounded))
  return rounded.find((_, at) => shortage(beyond, scores[at]!) === 0) ?? to
}

/** A cell of a change: in full where the usual decimals would say another number. */
function toldCell(column: FrameColumn, row: number): string {
  const { cells, type } = column
  if (cells.kind === 'text' || type === 'boolean' || type === 'date') return shownValue(column, row)
  const value = cells.values[row]!
  const digits = defaultDigits(value)
  return Number(value.toFixed(digits)) === value ? formatNumber(value) : formatNumber(value, Math.max(6, digits))
}
