import type { Frame, Metric, Model } from '#contract'
import { balancedWeights } from '#ml/linear/logistic'
import type { Matrix } from '#ml/matrix'
import { classificationMetrics } from '#ml/metrics/classification-metrics'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import { fitPreparation, preparationDefaults } from '#ml/prepare/preparation'
import { positiveClass } from '#ml/target-cells'
import { emitTreeModel } from '#ml/trees/emit-tree-model'
import { predictMargins } from '#ml/trees/ensemble'
import type { LinkedTrees } from '#ml/trees/ensemble-json'
import { linkMargins } from '#ml/trees/link-margins'
import { choosePreparation, fuse, type Prepared, preparationAt, preparedOnce } from './fuse-preparation.ts'
import type { Learned, LearnerRows } from './learner.ts'

/** More values than that would not find a bin each. */
const mostCategories = 254

/**
 * How trees see raw rows without a preparation at the input: numbers as they are, missing ones too, since splits find
 * where they go; texts as codes without order, or as one column a level.
 */
export function prepareForTrees(given: Model | undefined, rows: LearnerRows, texts: 'codes' | 'one-hot'): Prepared {
  if (given) return choosePreparation(given, rows)
  return preparedOnce(rows, texts, () => prepareRaw(rows, texts))
}

function prepareRaw(rows: LearnerRows, texts: 'codes' | 'one-hot'): Prepared {
  const many = rows.frame.columns.filter(({ cells }) => cells.kind === 'text' && cells.levels.length > mostCategories)
  const preparation = fitPreparation(
    rows.frame,
    rows.features.map(({ name }) => name),
    Uint32Array.from({ length: rows.frame.rows }, (_, row) => row),
    {
      ...preparationDefaults,
      number: { impute: 'none', constant: 0, indicator: false, scale: 'none' },
      text: { ...preparationDefaults.text, ...(texts === 'codes' && { encode: 'ordinal' as const }) },
      overrides: Object.fromEntries(many.map(({ name }) => [name, preparationDefaults.text])),
    },
  )
  return preparationAt({ preparation } as unknown as Model, rows)
}

/** A row-major matrix column by column. */
export const byColumn = ({ rows, columns, values }: Matrix): Float64Array[] =>
  Array.from({ length: columns }, (_, j) => {
    const column = new Float64Array(rows)
    for (let row = 0, at = j; row < rows; row++, at += columns) column[row] = values[at]!
    return column
  })

/** Labels and weights as trees take them: class numbers, or the numbers themselves. */
export function treeRows(rows: LearnerRows, classWeight: 'none' | 'balanced') {
  const weights =
    'codes' in rows && classWeight === 'balanced'
      ? balancedWeights(rows.codes, rows.classes.length, rows.weights)
      : rows.weights
  return { labels: Float64Array.from('codes' in rows ? rows.codes : rows.values), ...(weights && { weights }) }
}

/** What all tree learners give once their trees are grown. */
export function treeLearned(
  trees: LinkedTrees,
  prepared: Prepared,
  rows: LearnerRows,
  params: { readonly positive: string; readonly threshold: number },
): Learned {
  const classes = 'codes' in rows ? rows.classes : undefined
  const positive = classes?.length === 2 ? positiveClass(classes, params.positive) : undefined
  const columns = rows.features.map(({ name }) => name)
  return {
    purpose: !classes ? 'regression' : classes.length === 2 ? 'binary' : 'multiclass',
    fuse: () =>
      fuse(prepared, (graph, x) =>
        emitTreeModel(graph, x, trees.ensemble, { link: trees.link, classes: classes?.length ?? 0, columns }),
      ),
    trees,
    ...(classes && { classes }),
    ...(positive !== undefined && { positive }),
    judge: (judged) => judgeScores(judged, treeScores(trees, prepared, judged.frame), params.threshold, positive),
  }
}

/** Class probabilities row by row, or predictions: in float64, what the ONNX file gives to rounding. */
function treeScores({ ensemble, link }: LinkedTrees, prepared: Prepared, frame: Frame): Float64Array {
  const margins = predictMargins(ensemble, byColumn(prepared.matrix(frame)), frame.rows)
  return linkMargins(margins, ensemble.outputs, link)
}

/** Figures of scores that were made elsewhere, as out of the bag. */
export function judgeScores(
  rows: LearnerRows,
  scores: Float64Array,
  threshold: number,
  positive: string | undefined,
): Metric[] {
  const weights = rows.weights && { weights: rows.weights }
  if (!('codes' in rows)) return regressionMetrics({ actual: rows.values, predicted: scores, ...weights })
  return classificationMetrics({
    actual: rows.codes,
    scores,
    classes: rows.classes.length,
    threshold,
    ...(positive !== undefined && { positive: rows.classes.indexOf(positive) }),
    ...weights,
  })
}
