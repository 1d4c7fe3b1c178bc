import type { Metric } from '#contract'
import type { Random } from '../random/random.ts'
import { percentileIntervals } from '../statistics/bootstrap.ts'
import { deLongInterval } from '../statistics/delong.ts'
import { wilson } from '../statistics/wilson.ts'
import { requireNumbers } from '../usable-targets.ts'
import { calibrationBins, calibrationCurve, calibrationError } from './calibration.ts'
import { accuracy, balancedAccuracy, fBeta, macro, matthewsCorrelation, precision, recall } from './classification.ts'
import { confusionCounts, decide } from './confusion.ts'
import { finiteMetrics, type IntervalOptions, type MetricName } from './metric-names.ts'
import { brierLosses, logLosses, weightedMean } from './probability.ts'
import { averagePrecision, macroRocAuc, type Ranking, rank, rocAuc } from './ranking.ts'

/** Class codes and probabilities (row-major rows x classes) of the same rows, none missing. */
export interface ScoredClasses {
  readonly actual: Int32Array
  readonly scores: Float64Array
  readonly classes: number
  /** For two classes: the one whose probability is compared with the threshold. */
  readonly positive?: number
  readonly threshold?: number
  readonly beta?: number
  readonly weights?: Float64Array
}

/** Everything that needs computing once, so that each weighting of the rows costs one pass. */
interface Prepared {
  readonly input: ScoredClasses
  readonly predicted: Int32Array
  readonly rankings: readonly Ranking[]
  readonly logLosses: Float64Array
  readonly brierLosses: Float64Array
  readonly positiveScores?: Float64Array
  readonly bins?: Uint8Array
}

const columnOf = (scores: Float64Array, classes: number, k: number) =>
  Float64Array.from({ length: scores.length / classes }, (_, i) => scores[i * classes + k]!)

function prepare(input: ScoredClasses): Prepared {
  const { actual, scores, classes, positive, weights } = input
  requireNumbers('An evaluation', 'prediction', scores, classes)
  if (weights) requireNumbers('An evaluation', 'weight', weights)
  const binary = classes === 2 && positive !== undefined
  const ranked = binary ? [positive] : Array.from({ length: classes }, (_, k) => k)
  const positiveScores = binary ? columnOf(scores, classes, positive) : undefined
  return {
    input,
    predicted: decide(scores, classes, positive, input.threshold),
    rankings: ranked.map((k) =>
      rank(
        Uint8Array.from(actual, (code) => (code === k ? 1 : 0)),
        positiveScores ?? columnOf(scores, classes, k),
      ),
    ),
    logLosses: logLosses(actual, scores, classes),
    brierLosses: brierLosses(actual, scores, classes),
    ...(positiveScores && { positiveScores, bins: calibrationBins(positiveScores) }),
  }
}

type Figures = Partial<Record<MetricName, number>>

function figures(prepared: Prepared, weights?: Float64Array): Figures {
  const { input, predicted, rankings } = prepared
  const { actual, classes, positive, beta = 1 } = input
  const counts = confusionCounts(actual, predicted, classes, weights)
  const shared = {
    accuracy: accuracy(counts, classes),
    balanced_accuracy: balancedAccuracy(counts, classes),
    mcc: matthewsCorrelation(counts, classes),
    log_loss: weightedMean(prepared.logLosses, weights),
    brier: weightedMean(prepared.brierLosses, weights),
  }
  if (!prepared.positiveScores || positive === undefined)
    return {
      roc_auc: macroRocAuc(rankings, weights),
      ...shared,
      precision: macro(counts, classes, (k) => precision(counts, classes, k)),
      recall: macro(counts, classes, (k) => recall(counts, classes, k)),
      f_beta: macro(counts, classes, (k) => fBeta(counts, classes, k, beta)),
    }
  const ranking = rankings[0]!
  const curve = calibrationCurve(ranking.labels, prepared.positiveScores, weights, 10, prepared.bins)
  return {
    roc_auc: rocAuc(ranking, weights),
    average_precision: averagePrecision(ranking, weights),
    ...shared,
    precision: precision(counts, classes, positive),
    recall: recall(counts, classes, positive),
    f_beta: fBeta(counts, classes, positive, beta),
    calibration_error: calibrationError(curve),
  }
}

/** Intervals with a closed form, for rows without weights: Wilson for shares of rows, DeLong for the area. */
function closedForms({
  input,
  predicted,
  rankings,
  positiveScores,
}: Prepared): Partial<Record<MetricName, Metricless>> {
  const { actual, classes, positive } = input
  if (input.weights) return {}
  const counts = confusionCounts(actual, predicted, classes)
  let right = 0
  for (let k = 0; k < classes; k++) right += counts[k * classes + k]!
  const shares = { accuracy: wilson(right, actual.length) }
  if (!positiveScores || positive === undefined) return shares
  const hits = counts[positive * classes + positive]!
  const other = 1 - positive
  return {
    ...shares,
    roc_auc: deLongInterval(rankings[0]!.labels, positiveScores),
    precision: wilson(hits, hits + counts[other * classes + positive]!),
    recall: wilson(hits, hits + counts[positive * classes + other]!),
  }
}
type Metricless = { readonly low?: number; readonly high?: number; readonly n?: number }

/** All classification figures; `intervals` decides how (see `IntervalOptions`), without it there are none. */
export function classificationMetrics(
  input: ScoredClasses,
  intervals?: IntervalOptions & { readonly random: Random },
): Metric[] {
  const prepared = prepare(input)
  const values = figures(prepared, input.weights)
  const names = Object.keys(values) as MetricName[]
  const closed = intervals && intervals.method !== 'bootstrap' ? closedForms(prepared) : {}
  const drawn = intervals && intervals.replicates > 0 ? bootstrapFigures(prepared, names, intervals) : undefined
  return finiteMetrics(
    names.map((name, index) => ({
      name,
      n: input.actual.length,
      ...drawn?.[index],
      ...closed[name],
      value: values[name]!,
    })),
    { macro: input.classes > 2 || input.positive === undefined, beta: input.beta ?? 1 },
  )
}

function bootstrapFigures(
  prepared: Prepared,
  names: readonly MetricName[],
  intervals: IntervalOptions & { readonly random: Random },
) {
  const { weights, actual } = prepared.input
  const product = weights && new Float64Array(weights.length)
  return percentileIntervals(
    actual.length,
    (counts) => {
      if (product) for (let i = 0; i < counts.length; i++) product[i] = counts[i]! * weights[i]!
      const drawn = figures(prepared, product ?? counts)
      return names.map((name) => drawn[name]!)
    },
    intervals,
  )
}
