/** Figures of numeric predictions, weighted means over rows. */
export interface RegressionFigures {
  readonly rmse: number
  readonly mae: number
  /** Mean of |error| / |actual|; NaN when an actual value is 0. */
  readonly mape: number
  /** 1 - residual squares over squares about the mean; for a constant target 1 when perfect, else 0. */
  readonly r2: number
  /** Quantile (pinball) loss (Koenker & Bassett 1978, Econometrica 46:33). */
  readonly pinball: number
  readonly bias: number
}

export function regressionFigures(
  actual: Float64Array,
  predicted: Float64Array,
  weights?: Float64Array,
  quantile = 0.5,
): RegressionFigures {
  let all = 0
  let sum = 0
  let squares = 0
  let absolute = 0
  let relative = 0
  let pinball = 0
  let errors = 0
  for (let i = 0; i < actual.length; i++) {
    const weight = weights ? weights[i]! : 1
    if (weight === 0) continue
    const error = actual[i]! - predicted[i]!
    all += weight
    sum += weight * actual[i]!
    errors += weight * error
    squares += weight * error * error
    absolute += weight * Math.abs(error)
    relative += weight * (actual[i] === 0 ? Number.NaN : Math.abs(error / actual[i]!))
    pinball += weight * Math.max(quantile * error, (quantile - 1) * error)
  }
  const mean = sum / all
  let total = 0
  for (let i = 0; i < actual.length; i++) total += (weights ? weights[i]! : 1) * (actual[i]! - mean) ** 2
  return {
    rmse: Math.sqrt(squares / all),
    mae: absolute / all,
    mape: relative / all,
    r2: total > 0 ? 1 - squares / total : squares === 0 ? 1 : 0,
    pinball: pinball / all,
    bias: -errors / all,
  }
}
