import type { Frame, Model } from '#contract'
import { columnMeans, linearShap } from '#ml/explain/linear-shap'
import { splitRows, takeRows } from '#ml/frame'
import { applyPreparation, matrixColumns, type Preparation } from '#ml/prepare/preparation'
import { type Feed, feedFrame } from './row-check.ts'
import type { Reasons } from './serving.ts'

/** Whether reasons of a model's answers can be given. */
export const isExplainable = (model: Model): boolean =>
  model.linear !== undefined && model.preparation !== undefined && model.purpose !== 'multiclass'

const chunk = 20_000

/**
 * Reasons by exact linear SHAP against the means of the training rows, as explain/shap gives them. The training table is
 * read when reasons are first asked for.
 */
export function linearExplainer(
  model: Model,
  readTraining: () => Promise<Frame>,
): (feed: Feed) => Promise<readonly Reasons[]> {
  const preparation = model.preparation as unknown as Preparation
  const { intercepts, coefficients } = model.linear!
  const sign = model.purpose === 'binary' && model.positive === model.classes?.[0] ? -1 : 1
  const score = { intercept: sign * intercepts[0]!, coefficients: coefficients[0]!.map((weight) => sign * weight) }
  const sources = matrixColumns(preparation).map(({ source }) => source)
  let background: Promise<Float64Array> | undefined
  return async (feed) => {
    background ??= readTraining().then((frame) => trainingMeans(preparation, frame, sources.length))
    const matrix = applyPreparation(preparation, feedFrame(model.features, feed))
    const { base, features, values } = linearShap(matrix, score, await background, sources)
    return Array.from({ length: feed.rows }, (_, row) => ({
      method: 'Linear SHAP',
      space: model.purpose === 'regression' ? 'target' : 'log-odds',
      base,
      contributions: features
        .map((feature, place) => ({ feature, contribution: values[row * features.length + place]! }))
        .sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
    }))
  }
}

function trainingMeans(preparation: Preparation, frame: Frame, width: number): Float64Array {
  const train = splitRows(frame, 'train')
  const rows = train.length > 0 ? train : Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const means = new Float64Array(width)
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.subarray(from, from + chunk)
    const own = columnMeans(applyPreparation(preparation, takeRows(frame, part)))
    for (let j = 0; j < width; j++) means[j]! += (own[j]! * part.length) / rows.length
  }
  return means
}
