/** Numbers of the `count` highest scores in column order; equal scores go to the earlier column, NaN counts as lowest. */
export function bestFeatures(scores: ArrayLike<number>, count: number): number[] {
  const value = (i: number) => (Number.isNaN(scores[i]!) ? Number.NEGATIVE_INFINITY : scores[i]!)
  const byScore = (i: number, j: number) => (value(i) === value(j) ? i - j : value(i) < value(j) ? 1 : -1)
  return Array.from({ length: scores.length }, (_, i) => i)
    .sort(byScore)
    .slice(0, Math.max(0, count))
    .sort((i, j) => i - j)
}

/**
 * The best `percent` of all columns as scikit-learn's SelectPercentile counts them, those above the interpolated
 * percentile of the scores: 25 % of 10 are 3.
 */
export function bestShare(scores: ArrayLike<number>, percent: number): number[] {
  const n = scores.length
  if (percent <= 0 || n === 0) return []
  const place = (n - 1) * (1 - percent / 100)
  const whole = Math.abs(place - Math.round(place)) < 1e-9
  const above = n - 1 - (whole ? Math.round(place) : Math.floor(place))
  const count = whole ? Math.max(above, Math.floor((n * percent) / 100 + 1e-9)) : above
  return bestFeatures(scores, percent >= 100 ? n : count)
}
