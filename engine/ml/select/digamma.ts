/** ψ(1) = -γ. */
const first = -0.5772156649015329

/** ψ(n) of the whole numbers 1 to `last`, by ψ(n + 1) = ψ(n) + 1 / n. */
export function digammas(last: number): Float64Array {
  const table = new Float64Array(last + 1)
  table[1] = first
  for (let n = 1; n < last; n++) table[n + 1] = table[n]! + 1 / n
  return table
}

/** ψ(x) for x > 0, by the asymptotic series (DLMF 5.11.2) from 10 on and the recurrence below. */
export function digamma(x: number): number {
  let shift = 0
  let y = x
  for (; y < 10; y++) shift -= 1 / y
  const z = 1 / (y * y)
  const series =
    z * (1 / 12 - z * (1 / 120 - z * (1 / 252 - z * (1 / 240 - z * (1 / 132 - z * (691 / 32760 - z / 12))))))
  return shift + Math.log(y) - 1 / (2 * y) - series
}
