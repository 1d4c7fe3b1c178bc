import fc from 'fast-check'
import { expect, test } from 'vitest'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { calibrationCurve, calibrationError } from './calibration.ts'
import { accuracy, balancedAccuracy, fBeta, macro, matthewsCorrelation, precision, recall } from './classification.ts'
import { confusionCounts, confusionRows, decide } from './confusion.ts'
import { brierLosses, logLosses, weightedMean } from './probability.ts'
import { averagePrecision, macroRocAuc, precisionRecallCurve, rank, rocAuc, rocCurve, thinCurve } from './ranking.ts'
import { regressionFigures } from './regression.ts'

type Figures = Record<string, number>
interface Binary {
  labels: number[]
  a: number[]
  weights: number[]
  calibration: number[][]
  plain: Figures & { roc: number[][]; pr: number[][]; confusion: number[][] }
  weighted: Figures & { roc: number[][]; pr: number[][]; confusion: number[][] }
}
interface Multiclass {
  labels: number[]
  scores: number[][]
  weights: number[]
  plain: Figures
  weighted: Figures
}
interface Regression {
  y: number[]
  p: number[]
  weights: number[]
  plain: Figures
  weighted: Figures
}
const golden = readGolden<{ binary: Binary; multiclass: Multiclass; regression: Regression }>('ml-stats-metrics')

const twoColumns = (positive: ArrayLike<number>) => {
  const scores = new Float64Array(positive.length * 2)
  for (let i = 0; i < positive.length; i++) {
    scores[2 * i] = 1 - positive[i]!
    scores[2 * i + 1] = positive[i]!
  }
  return scores
}

function binaryFigures(labels: Int32Array, positive: Float64Array, weights?: Float64Array): Figures {
  const scores = twoColumns(positive)
  const counts = confusionCounts(labels, decide(scores, 2, 1), 2, weights)
  const ranking = rank(labels, positive)
  return {
    accuracy: accuracy(counts, 2),
    balanced_accuracy: balancedAccuracy(counts, 2),
    precision: precision(counts, 2, 1),
    recall: recall(counts, 2, 1),
    f1: fBeta(counts, 2, 1),
    f2: fBeta(counts, 2, 1, 2),
    mcc: matthewsCorrelation(counts, 2),
    roc_auc: rocAuc(ranking, weights),
    average_precision: averagePrecision(ranking, weights),
    log_loss: weightedMean(logLosses(labels, scores, 2), weights),
    brier: weightedMean(brierLosses(labels, scores, 2), weights),
    calibration_error: calibrationError(calibrationCurve(labels, positive, weights)),
  }
}

test.each(['plain', 'weighted'] as const)('%s binary figures and curves equal scikit-learn', (kind) => {
  const { labels, a, weights } = golden.binary
  const expected = golden.binary[kind]
  const codes = Int32Array.from(labels)
  const scores = Float64Array.from(a)
  const w = kind === 'weighted' ? Float64Array.from(weights) : undefined
  for (const [name, value] of Object.entries(binaryFigures(codes, scores, w)))
    expect(value, name).toBeCloseTo(expected[name]!, 12)
  const counts = confusionCounts(codes, decide(twoColumns(scores), 2, 1), 2, w)
  expect(largestDifference(confusionRows(counts, 2), expected.confusion)).toBeLessThan(1e-12)
  const roc = rocCurve(rank(codes, scores), w)
  expect(largestDifference([roc.x, roc.y], expected.roc)).toBeLessThan(1e-13)
  const pr = precisionRecallCurve(rank(codes, scores), w)
  const [ourPrecision, ourRecall] = [[...pr.y].reverse(), [...pr.x].reverse()]
  expect(largestDifference([ourPrecision, ourRecall], expected.pr)).toBeLessThan(1e-13)
})

test('the calibration curve equals scikit-learn', () => {
  const curve = calibrationCurve(golden.binary.labels, Float64Array.from(golden.binary.a))
  expect(
    largestDifference([curve.map((bin) => bin.predicted), curve.map((bin) => bin.observed)], golden.binary.calibration),
  ).toBeLessThan(1e-12)
})

test.each(['plain', 'weighted'] as const)('%s multiclass figures equal scikit-learn', (kind) => {
  const { labels, scores, weights } = golden.multiclass
  const codes = Int32Array.from(labels)
  const flat = Float64Array.from(scores.flat())
  const w = kind === 'weighted' ? Float64Array.from(weights) : undefined
  const counts = confusionCounts(codes, decide(flat, 4), 4, w)
  const rankings = [0, 1, 2, 3].map((k) =>
    rank(
      labels.map((label) => (label === k ? 1 : 0)),
      Float64Array.from(scores, (row) => row[k]!),
    ),
  )
  const figures: Figures = {
    accuracy: accuracy(counts, 4),
    balanced_accuracy: balancedAccuracy(counts, 4),
    precision: macro(counts, 4, (k) => precision(counts, 4, k)),
    recall: macro(counts, 4, (k) => recall(counts, 4, k)),
    f1: macro(counts, 4, (k) => fBeta(counts, 4, k)),
    mcc: matthewsCorrelation(counts, 4),
    roc_auc: macroRocAuc(rankings, w),
    log_loss: weightedMean(logLosses(codes, flat, 4), w),
    brier: weightedMean(brierLosses(codes, flat, 4), w),
  }
  for (const [name, value] of Object.entries(figures))
    expect(value, name).toBeCloseTo(golden.multiclass[kind][name]!, 12)
})

test.each(['plain', 'weighted'] as const)('%s regression figures equal scikit-learn', (kind) => {
  const { y, p, weights } = golden.regression
  const w = kind === 'weighted' ? Float64Array.from(weights) : undefined
  const figures = regressionFigures(Float64Array.from(y), Float64Array.from(p), w, 0.8)
  for (const name of ['rmse', 'mae', 'mape', 'r2', 'pinball'] as const)
    expect(figures[name], name).toBeCloseTo(golden.regression[kind][name]!, 12)
})

test('borders: one class, no positive prediction, a constant target, a certain mistake', () => {
  const one = rank([1, 1], Float64Array.of(0.2, 0.9))
  expect(rocAuc(one)).toBeNaN()
  expect(averagePrecision(rank([0, 0], Float64Array.of(0.2, 0.9)))).toBe(0)
  const counts = confusionCounts(Int32Array.of(0, 1), Int32Array.of(0, 0), 2)
  expect([precision(counts, 2, 1), fBeta(counts, 2, 1), matthewsCorrelation(counts, 2)]).toEqual([0, 0, 0])
  const constant = regressionFigures(Float64Array.of(2, 2), Float64Array.of(1, 3))
  expect(constant.r2).toBe(0)
  expect(regressionFigures(Float64Array.of(2, 2), Float64Array.of(2, 2)).r2).toBe(1)
  expect(regressionFigures(Float64Array.of(0, 2), Float64Array.of(1, 2)).mape).toBeNaN()
  expect(logLosses(Int32Array.of(1), Float64Array.of(1, 0), 2)[0]).toBeCloseTo(36.0437, 4)
})

const cases = fc.array(
  fc.record({
    label: fc.constantFrom(0, 1),
    score: fc.integer({ min: 0, max: 10 }).map((value) => value / 10),
    times: fc.integer({ min: 1, max: 4 }),
  }),
  { minLength: 4, maxLength: 30 },
)
const figuresOf = (rows: readonly { label: number; score: number; times: number }[], weighted: boolean) =>
  Object.values(
    binaryFigures(
      Int32Array.from(rows, (row) => row.label),
      Float64Array.from(rows, (row) => row.score),
      weighted ? Float64Array.from(rows, (row) => row.times) : undefined,
    ),
  )
const near = (a: readonly number[], b: readonly number[]) =>
  expect(
    a.map((value, i) => (Number.isNaN(value) ? (Number.isNaN(b[i]!) ? 0 : 1) : Math.abs(value - b[i]!))),
  ).toSatisfy((gaps: number[]) => gaps.every((value) => value < 1e-10))

test('weights are repetitions, and the order of rows does not matter', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const repeated = rows.flatMap((row) => new Array<typeof row>(row.times).fill(row))
      near(figuresOf(rows, true), figuresOf(repeated, false))
      near(figuresOf(rows, true), figuresOf([...rows].reverse(), true))
    }),
  )
})

test('swapping the classes mirrors the ranking and leaves symmetric figures', () => {
  fc.assert(
    fc.property(cases, (rows) => {
      const labels = Int32Array.from(rows, (row) => row.label)
      const swapped = labels.map((label) => 1 - label)
      const scores = Float64Array.from(rows, (row) => row.score)
      const area = rocAuc(rank(labels, scores))
      const mirrored = rocAuc(
        rank(
          swapped,
          scores.map((score) => -score),
        ),
      )
      near([area], [mirrored])
      const counts = confusionCounts(labels, decide(twoColumns(scores), 2, 1), 2)
      const turned = Float64Array.of(counts[3]!, counts[2]!, counts[1]!, counts[0]!)
      near(
        [accuracy(counts, 2), balancedAccuracy(counts, 2), matthewsCorrelation(counts, 2)],
        [accuracy(turned, 2), balancedAccuracy(turned, 2), matthewsCorrelation(turned, 2)],
      )
    }),
  )
})

test('a thinned curve keeps its ends and its order', () => {
  const curve = rocCurve(
    rank(
      Array.from({ length: 5_000 }, (_, i) => ((i * 7919) % 3 === 0 ? 1 : 0)),
      Float64Array.from({ length: 5_000 }, (_, i) => i),
    ),
  )
  const thin = thinCurve(curve, 100)
  expect(thin.x.length).toBeLessThanOrEqual(101)
  expect([thin.x[0], thin.y[0], thin.x.at(-1), thin.y.at(-1)]).toEqual([0, 0, 1, 1])
  expect([...thin.x]).toEqual([...thin.x].sort((a, b) => a - b))
})
