export interface Quadrature {
  readonly points: Float64Array
  readonly weights: Float64Array
}

const known = new Map<number, Quadrature>()

/**
 * Gauss-Legendre points and weights on [0, 1], exact for polynomials up to degree 2 n - 1: Newton's method on the
 * Legendre polynomial of degree n from Tricomi's guess (Abramowitz & Stegun 25.4.29).
 */
export function gaussLegendre(n: number): Quadrature {
  const made = known.get(n)
  if (made) return made
  const points = new Float64Array(n)
  const weights = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    let x = Math.cos((Math.PI * (k + 0.75)) / (n + 0.5))
    let slope = 1
    for (let step = 0; step < 60; step++) {
      const value = legendre(n, x)
      slope = value.slope
      const move = value.value / slope
      x -= move
      if (Math.abs(move) < 1e-16) break
    }
    points[k] = (1 - x) / 2
    weights[k] = 1 / ((1 - x * x) * slope * slope)
  }
  const quadrature = { points, weights }
  known.set(n, quadrature)
  return quadrature
}

function legendre(n: number, x: number): { value: number; slope: number } {
  let before = 1
  let value = x
  for (let k = 2; k <= n; k++) [before, value] = [value, ((2 * k - 1) * x * value - (k - 1) * before) / k]
  return { value, slope: (n * (x * value - before)) / (x * x - 1) }
}
