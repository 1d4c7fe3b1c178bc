/**
 * Where a learning curve leads: y(t) = c + a t^-b (power law) and y(t) = c + a exp(-b t) are fitted by weighted least
 * squares, and their forecasts averaged with Akaike weights (Burnham & Anderson 2002, 2.9). A small relative of Domhan,
 * Springenberg & Hutter 2015 (IJCAI), who average eleven families by Markov chains. For given b the rest is linear, so
 * the fit is one search over b (variable projection: Golub & Pereyra 1973) and has no starting values to get wrong.
 */
export interface CurveFit {
  readonly family: 'power' | 'exponential'
  readonly limit: number
  readonly amplitude: number
  readonly decay: number
  /** Weighted sum of squared residuals. */
  readonly loss: number
}

export interface Forecast {
  readonly value: number
  /** Spread of the families and of the residuals together. */
  readonly deviation: number
  readonly fits: readonly CurveFit[]
}

const families = {
  power: { shape: (t: number, b: number) => t ** -b, low: 0.01, high: 5 },
  exponential: { shape: (t: number, b: number) => Math.exp(-b * t), low: 1e-4, high: 3 },
} as const

/** The least-squares fit of one family; steps above 0 in rising order, weights by point (1 unless given). */
export function fitCurve(
  family: CurveFit['family'],
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  weights?: ArrayLike<number>,
): CurveFit {
  const { shape, low, high } = families[family]
  const at = (logDecay: number) => project(shape, steps, values, weights, Math.exp(logDecay))
  const grid = 60
  const width = (Math.log(high) - Math.log(low)) / grid
  let best = 0
  for (let k = 1; k <= grid; k++)
    if (at(Math.log(low) + k * width).loss < at(Math.log(low) + best * width).loss) best = k
  const middle = Math.log(low) + best * width
  const from = Math.max(Math.log(low), middle - width)
  const decay = goldenSection((x) => at(x).loss, from, Math.min(Math.log(high), middle + width))
  return { family, ...at(decay), decay: Math.exp(decay) }
}

/** The best limit and amplitude for a given decay. */
function project(
  shape: (t: number, b: number) => number,
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  decay: number,
): Pick<CurveFit, 'limit' | 'amplitude' | 'loss'> {
  const n = steps.length
  const x = Float64Array.from({ length: n }, (_, i) => shape(steps[i]!, decay))
  let [sum, sumX, sumY] = [0, 0, 0]
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i]! : 1
    sum += w
    sumX += w * x[i]!
    sumY += w * values[i]!
  }
  const [meanX, meanY] = [sumX / sum, sumY / sum]
  let [xx, xy] = [0, 0]
  for (let i = 0; i < n; i++) {
    const w = weights ? weights[i]! : 1
    xx += w * (x[i]! - meanX) ** 2
    xy += w * (x[i]! - meanX) * (values[i]! - meanY)
  }
  const amplitude = xx > 0 ? xy / xx : 0
  const limit = meanY - amplitude * meanX
  let loss = 0
  for (let i = 0; i < n; i++) loss += (weights ? weights[i]! : 1) * (values[i]! - limit - amplitude * x[i]!) ** 2
  return { limit, amplitude, loss }
}

const golden = (Math.sqrt(5) - 1) / 2

/** The place of the minimum between two ends (Kiefer 1953). */
function goldenSection(f: (x: number) => number, low: number, high: number): number {
  let [a, d] = [low, high]
  let [b, c] = [d - golden * (d - a), a + golden * (d - a)]
  let [fb, fc] = [f(b), f(c)]
  for (let round = 0; round < 80; round++) {
    if (fb <= fc) {
      ;[d, c, fc] = [c, b, fb]
      b = d - golden * (d - a)
      fb = f(b)
    } else {
      ;[a, b, fb] = [b, c, fc]
      c = a + golden * (d - a)
      fc = f(c)
    }
  }
  return (a + d) / 2
}

/**
 * The value a curve will have at `horizon`, from its values at rising steps. Later points count more unless weights
 * are given: point i of n has weight i / n. Undefined below five finite points, too few for three parameters.
 */
export function forecastCurve(
  steps: ArrayLike<number>,
  values: ArrayLike<number>,
  horizon: number,
  weights?: ArrayLike<number>,
): Forecast | undefined {
  const n = steps.length
  const usable = Array.from(values).every(Number.isFinite) && Array.from(steps).every((step) => step > 0)
  if (n < 5 || !usable) return undefined
  const rising = weights ?? Float64Array.from({ length: n }, (_, i) => (i + 1) / n)
  const fits = (['power', 'exponential'] as const).map((family) => fitCurve(family, steps, values, rising))
  const total = Array.from(rising).reduce((sum, weight) => sum + weight, 0)
  const least = Math.min(...fits.map(({ loss }) => loss))
  const scale = Math.max(least, 1e-24 * total)
  const shares = fits.map(({ loss }) => (Math.max(loss, scale) / scale) ** (-n / 2))
  const sum = shares.reduce((a, b) => a + b, 0)
  const ends = fits.map(
    ({ family, limit, amplitude, decay }) => limit + amplitude * families[family].shape(horizon, decay),
  )
  const value = ends.reduce((mean, end, k) => mean + (shares[k]! / sum) * end, 0)
  const between = ends.reduce((variance, end, k) => variance + (shares[k]! / sum) * (end - value) ** 2, 0)
  const within = fits.reduce(
    (variance, { loss }, k) => variance + ((shares[k]! / sum) * loss * n) / (total * (n - 3)),
    0,
  )
  return { value, deviation: Math.sqrt(between + within), fits }
}
