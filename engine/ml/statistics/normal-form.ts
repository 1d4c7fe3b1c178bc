/**
 * P(Σ a_i z_i² > 0) for independent standard normal z_i: the inversion integral 1/(2πi) ∫ exp(K(s)) / s ds with
 * K(s) = -½ Σ ln(1 - 2 a_i s), taken along a vertical line through the saddle point of the integrand on the real axis
 * (Rice 1980, SIAM Journal on Scientific and Statistical Computing 1:438; Imhof 1961, Biometrika 48:419, uses the imaginary
 * axis). There the integrand neither cancels nor has a pole, so small tails keep their digits. Points t = c sinh v turn the
 * trapezoid rule exponentially precise.
 */
export function normalFormTail(coefficients: ArrayLike<number>): number {
  const a = Float64Array.from(coefficients).filter((value) => value !== 0)
  const highest = a.reduce((most, value) => Math.max(most, value), 0)
  const lowest = a.reduce((least, value) => Math.min(least, value), 0)
  if (highest <= 0) return 0
  if (lowest >= 0) return 1
  // scaled so that nothing overflows; the sign of the sum stays
  const scaled = a.map((value) => value / Math.max(highest, -lowest))
  const mean = scaled.reduce((sum, value) => sum + value, 0)
  return mean <= 0 ? upperTail(scaled) : 1 - upperTail(scaled.map((value) => -value))
}

function upperTail(a: Float64Array): number {
  const saddle = saddlePoint(a)
  const top = -0.5 * a.reduce((sum, value) => sum + Math.log(1 - 2 * value * saddle), 0)
  let before = Number.NaN
  for (let step = 0.2; step > 1e-3; step /= 2) {
    const sum = (Math.exp(top) * saddle * step * trapezoid(a, saddle, step)) / Math.PI
    if (Math.abs(sum - before) <= 1e-13 * sum + 1e-300) return Math.min(1, Math.max(0, sum))
    before = sum
  }
  return Math.min(1, Math.max(0, before))
}

/** Where the derivative of K(s) - ln s vanishes between 0 and the first pole, by bisection: it rises throughout. */
function saddlePoint(a: Float64Array): number {
  const pole = 1 / (2 * a.reduce((most, value) => Math.max(most, value), 0))
  let low = 0
  let high = pole
  for (let halving = 0; halving < 60; halving++) {
    const s = (low + high) / 2
    let slope = -1 / s
    for (const value of a) slope += value / (1 - 2 * value * s)
    if (slope < 0) low = s
    else high = s
  }
  return (low + high) / 2
}

/** Real parts of the integrand over its value's exponential at the saddle, at s = c + i c sinh v, times cosh v. */
function trapezoid(a: Float64Array, saddle: number, step: number): number {
  let sum = 0
  for (let point = 0; ; point++) {
    const v = point * step
    const t = saddle * Math.sinh(v)
    let size = 0
    let angle = -Math.atan2(t, saddle)
    for (const value of a) {
      const ratio = (2 * value * t) / (1 - 2 * value * saddle)
      size -= 0.25 * Math.log1p(ratio * ratio)
      angle += 0.5 * Math.atan(ratio)
    }
    const weight = (Math.exp(size) * Math.cosh(v)) / Math.hypot(saddle, t)
    sum += (point === 0 ? 0.5 : 1) * weight * Math.cos(angle)
    if (weight * saddle < 1e-18 || v > 300) return sum
  }
}
