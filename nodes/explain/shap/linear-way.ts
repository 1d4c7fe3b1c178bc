import type { Frame, Model, RunContext } from '#contract'
import { columnMeans, linearShap } from '#ml/explain/linear-shap'
import { takeRows } from '#ml/frame'
import type { Matrix } from '#ml/matrix'
import { applyPreparation, type Preparation } from '#ml/prepare/preparation'
import type { Way } from './way.ts'

const chunk = 20_000

/** Column means of prepared rows, a part at a time. */
function preparedMeans(preparation: Preparation, frame: Frame, rows: Uint32Array, width: number, context: RunContext) {
  const means = new Float64Array(width)
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.subarray(from, from + chunk)
    const own = columnMeans(applyPreparation(preparation, takeRows(frame, part)))
    for (let j = 0; j < means.length; j++) means[j]! += (own[j]! * part.length) / rows.length
    context.progress(0.05 + (0.1 * from) / rows.length, 'background')
  }
  return means
}

/** Margins of a linear model, row-major [rows, outputs]. */
function linearMargins({ rows, columns, values }: Matrix, { intercepts, coefficients }: NonNullable<Model['linear']>) {
  const outputs = intercepts.length
  const margins = new Float64Array(rows * outputs)
  for (let row = 0; row < rows; row++)
    for (let output = 0; output < outputs; output++) {
      let sum = intercepts[output]!
      const weights = coefficients[output]!
      for (let j = 0; j < columns; j++) sum += weights[j]! * values[row * columns + j]!
      margins[row * outputs + output] = sum
    }
  return margins
}

/** Linear SHAP against the means of the background rows. */
export function linearWay(
  model: Model,
  players: readonly string[],
  frame: Frame,
  background: Uint32Array,
  context: RunContext,
): Way {
  const linear = model.linear!
  const preparation = model.preparation as unknown as Preparation
  const means = preparedMeans(preparation, frame, background, players.length, context)
  const prepare = (rows: Frame) => applyPreparation(preparation, rows)
  return {
    link: model.purpose === 'regression' ? 'identity' : linear.intercepts.length === 1 ? 'logistic' : 'softmax',
    margins: linear.intercepts.length,
    prepare,
    background: background.length,
    async explain(rows, margins, onProgress) {
      const matrix = prepare(rows)
      const outputs = margins.map((margin, at) => {
        onProgress(at / margins.length)
        const score = { intercept: linear.intercepts[margin]!, coefficients: linear.coefficients[margin]! }
        return linearShap(matrix, score, means, players)
      })
      return { outputs, margins: linearMargins(matrix, linear), matrix }
    },
  }
}
