import {
  type Curve,
  type Evaluation,
  type Hash,
  type Metric,
  type Model,
  type Performance,
  ProblemError,
  type RunContext,
  type Table,
} from '#contract'
import { calibrationBins, calibrationCurve } from '#ml/metrics/calibration'
import { classificationMetrics, type ScoredClasses } from '#ml/metrics/classification-metrics'
import { confusionCounts, confusionRows, decide } from '#ml/metrics/confusion'
import { precisionRecallCurve, type RankingCurve, rank, rocCurve, thinCurve } from '#ml/metrics/ranking'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import { createRandom } from '#ml/random/random'
import { deLongTest } from '#ml/statistics/delong'
import { countBefore } from '#ml/statistics/sort-numbers'
import { otherTarget } from '../infer-judgement.ts'
import {
  evaluationHead,
  type Judged,
  type JudgedClasses,
  type JudgedNumbers,
  judgeRows,
  type RowChoice,
} from '../judged-rows.ts'
import { writeJudged } from './judged-table.ts'

interface Params {
  readonly rows: RowChoice
  readonly intervals: 'auto' | 'bootstrap'
  readonly replicates: number
  readonly beta: number
  readonly quantile: number
}
interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table; readonly baseline: readonly Model[] }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: Params
  readonly context: RunContext
}

export async function evaluate({ inputs, hashes, params, context }: Run): Promise<{ evaluation: Evaluation }> {
  const { model, table, baseline } = inputs
  context.progress(0, 'scoring')
  const judged = await judgeRows({ model, table, rows: params.rows }, context)
  context.progress(0.3, 'intervals')
  const metrics = figures(model, judged, params, intervalsFor(judged, params, context))
  const against: Performance['against'][number][] = []
  for (const [index, other] of baseline.entries()) {
    context.progress(0.8 + (0.2 * index) / baseline.length, 'baselines')
    if (other.target !== model.target)
      throw new ProblemError(otherTarget(other.target ?? 'nothing', model.target ?? ''))
    const rival = await judgeRows({ model: other, table, rows: params.rows }, context)
    against.push({ title: titleOf(other), metrics: compared(model, judged, other, rival, params) })
  }
  const { decided, ...figured } = performance(model, judged)
  const beside = await writeJudged(judged, decided, context)
  context.progress(1)
  return {
    evaluation: {
      ...evaluationHead(hashes, table, judged),
      subject: 'performance',
      metrics,
      performance: { ...figured, against },
      judged: beside,
    },
  }
}

/** Rows times draws beyond this cost minutes: then fewer are drawn. */
const mostWork = 200_000_000

function intervalsFor(judged: Judged, params: Params, context: RunContext) {
  const affordable = Math.max(100, Math.floor(mostWork / judged.frame.rows))
  const replicates = Math.min(params.replicates, affordable)
  if (replicates < params.replicates) context.log(`${replicates} bootstrap draws instead of ${params.replicates}.`)
  return {
    method: params.intervals,
    replicates,
    random: createRandom(context.seed).split('evaluate'),
    onProgress: (fraction: number) => context.progress(0.3 + 0.5 * fraction, 'intervals'),
  }
}

type Intervals = Parameters<typeof classificationMetrics>[1]

function figures(model: Model, judged: Judged, params: Params, intervals?: Intervals): Metric[] {
  if (judged.task === 'classes') return classificationMetrics(scoredClasses(model, judged, params.beta), intervals)
  const { values: actual, scores: predicted, weights } = judged
  return regressionMetrics({ actual, predicted, quantile: params.quantile, ...(weights && { weights }) }, intervals)
}

function scoredClasses(model: Model, judged: JudgedClasses, beta = 1): ScoredClasses {
  const positive = judged.classes.indexOf(model.positive ?? '')
  return {
    actual: judged.codes,
    scores: judged.scores,
    classes: judged.classes.length,
    beta,
    ...(positive >= 0 && judged.classes.length === 2 && { positive, threshold: model.threshold ?? 0.5 }),
    ...(judged.weights && { weights: judged.weights }),
  }
}

/** A baseline's figures with their closed-form intervals, and for two classes the paired difference of areas. */
function compared(model: Model, judged: Judged, other: Model, rival: Judged, params: Params): Metric[] {
  const metrics = figures(other, rival, params, {
    method: 'auto',
    replicates: 0,
    random: createRandom(0),
  })
  if (judged.task !== 'classes' || rival.task !== 'classes' || judged.weights) return metrics
  const [ours, theirs] = [scoredClasses(model, judged), scoredClasses(other, rival)]
  const sameRows = judged.codes.length === rival.codes.length && model.positive === other.positive
  if (ours.positive === undefined || theirs.positive === undefined || !sameRows) return metrics
  const labels = judged.codes.map((code) => (code === ours.positive ? 1 : 0))
  const { difference } = deLongTest(labels, classScores(ours, ours.positive), classScores(theirs, theirs.positive))
  if (!Number.isFinite(difference.value)) return metrics
  return [
    ...metrics,
    { name: 'roc_auc.difference', label: 'ROC AUC, model minus baseline', better: 'high', ...finite(difference) },
  ]
}

const finite = ({
  value,
  low,
  high,
  n,
}: Metric | { value: number | null; low?: number; high?: number; n?: number }) => ({
  value,
  ...(Number.isFinite(low) && Number.isFinite(high) && { low: low!, high: high! }),
  ...(n !== undefined && { n }),
})

const classScores = ({ scores, classes }: ScoredClasses, k: number) =>
  Float64Array.from({ length: scores.length / classes }, (_, row) => scores[row * classes + k]!)

type Decided = { readonly predicted: Int32Array; readonly scores?: Float64Array }

function performance(model: Model, judged: Judged): Omit<Performance, 'against'> & { readonly decided?: Decided } {
  if (judged.task === 'numbers') return { task: 'regression', curves: [residuals(judged)] }
  const scored = scoredClasses(model, judged)
  const scores = scored.positive === undefined ? undefined : classScores(scored, scored.positive)
  const predicted = decide(scored.scores, scored.classes, scored.positive, scored.threshold)
  const counts = confusionCounts(scored.actual, predicted, scored.classes)
  return {
    task: judged.classes.length === 2 ? 'binary' : 'multiclass',
    classes: judged.classes,
    ...(scored.positive !== undefined && {
      positive: judged.classes[scored.positive]!,
      threshold: scored.threshold ?? 0.5,
    }),
    confusion: confusionRows(counts, scored.classes),
    curves: scores ? curves(scored, scored.positive!, scores) : [],
    decided: { predicted, ...(scores && { scores }) },
  }
}

function curves(scored: ScoredClasses, positive: number, scores: Float64Array): Curve[] {
  const labels = scored.actual.map((code) => (code === positive ? 1 : 0))
  const ranking = rank(labels, scores)
  const assigned = calibrationBins(scores)
  const bins = calibrationCurve(labels, scores, scored.weights, 10, assigned)
  const calibration: Curve = {
    name: 'calibration',
    x: bins.map((bin) => bin.predicted),
    y: bins.map((bin) => bin.observed),
    n: bins.map((bin) => bin.rows),
    thresholds: binsWithWeight(assigned, scored.weights).map((bin) => bin / 10),
  }
  if (labels.every((label) => label === labels[0])) return [calibration]
  return [
    namedCurve('roc', rocCurve(ranking, scored.weights), scores),
    namedCurve('precision-recall', precisionRecallCurve(ranking, scored.weights), scores),
    calibration,
  ]
}

/** Bins that have rows which count, in order: a mean may lie a rounding error beside its bin. */
const binsWithWeight = (assigned: Uint8Array, weights: Float64Array | undefined): readonly number[] =>
  [...new Set(assigned.filter((_, row) => (weights?.[row] ?? 1) > 0))].sort((a, b) => a - b)

/** With the rows that each of its points adds to those before. */
function namedCurve(name: Curve['name'], curve: RankingCurve, scores: Float64Array): Curve {
  const { x, y, thresholds } = thinCurve(curve)
  const sorted = scores.toSorted()
  const reached = Array.from(thresholds, (from) => sorted.length - countBefore(sorted, (score) => score >= from))
  return {
    name,
    x: [...x],
    y: [...y],
    n: reached.map((count, at) => count - (reached[at - 1] ?? 0)),
    thresholds: Array.from(thresholds, (from) => (Number.isFinite(from) ? from : null)),
  }
}

/** Prediction against residual for at most 500 rows, evenly spaced through the table. */
function residuals({ values, scores, places }: JudgedNumbers): Curve {
  const step = Math.max(1, Math.ceil(values.length / 500))
  const rows = Array.from({ length: Math.ceil(values.length / step) }, (_, i) => i * step)
  return {
    name: 'residual',
    x: rows.map((row) => scores[row]!),
    y: rows.map((row) => values[row]! - scores[row]!),
    places: rows.map((row) => places[row]!),
  }
}

/** What a model is called in a comparison: its strategy when it is a baseline, else its type. */
function titleOf({ learner }: Model): string {
  const { params, type } = learner
  const strategy =
    typeof params === 'object' && params !== null && 'strategy' in params ? String(params.strategy) : undefined
  return strategy === undefined ? type : `Baseline: ${strategy}`
}
