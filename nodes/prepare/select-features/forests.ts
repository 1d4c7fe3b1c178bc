import type { Cells, RunContext } from '#contract'
import { columnOf } from '#ml/frame'
import { createRandom } from '#ml/random/random'
import { boruta } from '#ml/select/boruta'
import { eliminateFeatures } from '#ml/select/eliminate-features'
import { cellsImportanceOf, forestImportanceOf, type ImportanceOf } from '#ml/select/feature-importance'
import { formatInteger, formatNumber } from '#report/format-number'
import type { LearnerRows } from '../../train/learner.ts'
import { someRows } from '../../train/learning-rows.ts'
import type { SelectParams } from './params.ts'
import type { Complaint, Sieve } from './selection.ts'

/** What a ranking says: whom to discard, and a score of all. */
export interface Ranked {
  readonly complaints: readonly Complaint[]
  readonly scores: ReadonlyMap<string, number>
}

/** Forests over the features, on at most so many rows; each tells its progress between two fractions. */
export interface Forests {
  cells(features: readonly string[]): readonly Cells[]
  importance(from: number, to: number, expected: number): ImportanceOf<Cells>
}

export async function openForests(rows: LearnerRows, params: SelectParams, context: RunContext): Promise<Forests> {
  const some = drawRows(rows, params.forestRows, context.seed)
  const classes = 'codes' in some ? some.classes.length : 0
  const labels = Float64Array.from('codes' in some ? some.codes : some.values)
  const kernels = await context.kernels.forest()
  const { threads } = context.budget
  const grow = forestImportanceOf(kernels, labels, classes, { seed: context.seed, threads, trees: params.trees })
  const importanceOf = cellsImportanceOf(grow)
  return {
    cells: (features) => features.map((name) => columnOf(some.frame, name).cells),
    importance: (from, to, expected) => async (columns, run) => {
      context.progress(from + ((to - from) * Math.min(run, expected)) / expected, `forest ${run + 1}`)
      await context.breathe()
      return importanceOf(columns, run)
    },
  }
}

function drawRows(rows: LearnerRows, most: number, seed: number): LearnerRows {
  if (rows.frame.rows <= most) return rows
  const drawn = createRandom(seed).split('rows').permutation(rows.frame.rows).subarray(0, most).sort()
  return someRows(rows, drawn)
}

/** Features that a forest hardly uses. */
export async function littleImportance(
  forests: Forests,
  sieve: Sieve,
  params: SelectParams,
  span: readonly [number, number],
): Promise<Ranked> {
  const { features } = sieve
  const shares = await forests.importance(...span, 1)(forests.cells(features), 0)
  const limit = params.leastImportance
  const relative = Array.from(shares, (share) => share * features.length)
  const complaints = features.flatMap((feature, i) => {
    const value = relative[i]!
    if (value >= limit) return []
    const reason = `In a forest of ${formatInteger(params.trees)} trees it has ${formatNumber(value, 2)} of the mean importance, less than ${formatNumber(limit)}`
    return [{ feature, reason, value, limit }]
  })
  return { complaints, scores: new Map(features.map((feature, i) => [feature, relative[i]!])) }
}

export async function eliminate(
  forests: Forests,
  sieve: Sieve,
  params: SelectParams,
  span: readonly [number, number],
): Promise<Ranked> {
  const { features } = sieve
  const drop = Math.max(1, Math.floor(params.step < 1 ? params.step * features.length : params.step))
  const rounds = Math.max(1, Math.ceil((features.length - params.keep) / drop))
  const importance = forests.importance(...span, rounds)
  const { ranking } = await eliminateFeatures(forests.cells(features), importance, params)
  const last = ranking.reduce((a, b) => Math.max(a, b), 1)
  const complaints = features.flatMap((feature, i) => {
    const rank = ranking[i]!
    if (rank === 1) return []
    const reason = `The least important of a forest in round ${formatInteger(last - rank + 1)} of ${formatInteger(last - 1)}`
    return [{ feature, reason, value: rank, limit: 1 }]
  })
  return { complaints, scores: new Map(features.map((feature, i) => [feature, ranking[i]!])) }
}

export async function beatShadows(
  forests: Forests,
  sieve: Sieve,
  params: SelectParams,
  seed: number,
  span: readonly [number, number],
): Promise<Ranked> {
  const { features } = sieve
  const importance = forests.importance(...span, params.runs)
  const random = createRandom(seed).split('shadows')
  const options = { runs: params.runs, alpha: params.level }
  const found = await boruta(forests.cells(features), importance, random, options)
  const complaints = features.flatMap((feature, i) => {
    const { verdict, hits, runs } = found[i]!
    if (verdict === 'confirmed' || (verdict === 'tentative' && params.undecided === 'keep')) return []
    const word = verdict === 'rejected' ? 'Beat' : 'Undecided: beat'
    const reason = `${word} the best shuffled copy in ${formatInteger(hits)} of ${formatInteger(runs)} forests`
    return [{ feature, reason, value: hits / Math.max(1, runs), limit: null }]
  })
  const scores = new Map(features.map((feature, i) => [feature, found[i]!.hits / Math.max(1, found[i]!.runs)]))
  return { complaints, scores }
}
