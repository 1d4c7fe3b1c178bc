import type { Random } from '../random/random.ts'

/**
 * One draw from the binomial distribution: how many of `n` tries succeed, each with probability `p`. Inversion for few
 * expected successes, else transformed rejection (Hörmann 1993, "The generation of binomial random variates", Journal of
 * Statistical Computation and Simulation 46:101, algorithm BTRS): exact, and its time does not grow with n.
 */
export function drawBinomial(n: number, p: number, random: Random): number {
  if (n <= 0 || p <= 0) return 0
  if (p >= 1) return n
  if (p > 0.5) return n - drawBinomial(n, 1 - p, random)
  return n * p < 10 ? invert(n, p, random) : reject(n, p, random)
}

/** Adds up probabilities until they pass a uniform number. */
function invert(n: number, p: number, random: Random): number {
  const odds = p / (1 - p)
  let mass = Math.exp(n * Math.log1p(-p))
  let left = random.uniform()
  let k = 0
  for (; left > mass && k < n; k++) {
    left -= mass
    mass *= (odds * (n - k)) / (k + 1)
  }
  return k
}

function reject(n: number, p: number, random: Random): number {
  const deviation = Math.sqrt(n * p * (1 - p))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const alpha = (2.83 + 5.1 / b) * deviation
  const mode = Math.floor((n + 1) * p)
  const odds = p / (1 - p)
  for (;;) {
    const u = random.uniform() - 0.5
    const v = random.uniform()
    const inside = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / inside + b) * u + n * p + 0.5)
    if (inside >= 0.07 && v <= 0.92 - 4.2 / b) return k
    if (k < 0 || k > n) continue
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (stirlingRest(mode) + stirlingRest(n - mode) - stirlingRest(k) - stirlingRest(n - k))
    if (Math.log((v * alpha) / (a / (inside * inside) + b)) <= bound) return k
  }
}

/** ln k! less Stirling's formula for it, ½ ln 2π + (k + ½) ln(k + 1) - (k + 1). */
function stirlingRest(k: number): number {
  if (k < 10) return smallRests[k]!
  const square = (k + 1) ** 2
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1)
}

const smallRests = Float64Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0
  for (let i = 2; i <= k; i++) logFactorial += Math.log(i)
  return logFactorial - 0.5 * Math.log(2 * Math.PI) - (k + 0.5) * Math.log(k + 1) + (k + 1)
})

/** Splits `n` tries over cells in proportion to their weights: one draw from the multinomial distribution, into `out`. */
export function drawMultinomial(n: number, weights: Float64Array, random: Random, out: Float64Array): void {
  let rest = 0
  for (let cell = 0; cell < weights.length; cell++) rest += weights[cell]!
  let left = n
  for (let cell = 0; cell < weights.length; cell++) {
    const weight = weights[cell]!
    const drawn = weight >= rest ? left : drawBinomial(left, weight / rest, random)
    out[cell] = weight > 0 ? drawn : 0
    left -= out[cell]!
    rest -= weight
  }
}
