/** Maps a value of the data to a place on the page. */
export type Scale = (value: number) => number

export function linearScale(from: readonly [number, number], to: readonly [number, number]): Scale {
  const span = from[1] - from[0] || 1
  return (value) => to[0] + ((value - from[0]) / span) * (to[1] - to[0])
}

/** Round values that cover an interval in about `count` steps of 1, 2 or 5 times a power of ten. */
export function niceTicks(low: number, high: number, count = 5): readonly number[] {
  if (!(high > low)) return [low]
  const rough = (high - low) / Math.max(count, 1)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough * 0.999) ?? 10)
  const first = Math.ceil(low / step - 1e-9)
  const last = Math.floor(high / step + 1e-9)
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)))
}

/** The interval widened to round values. */
export function niceExtent(low: number, high: number, count = 5): readonly [number, number] {
  if (!(high > low)) return low === 0 ? [0, 1] : [Math.min(low, low * 2, 0), Math.max(low, low * 2, 0)]
  const ticks = niceTicks(low, high, count)
  const step = (ticks[1] ?? high) - (ticks[0] ?? low)
  return [
    Number((Math.floor(low / step + 1e-9) * step).toPrecision(12)),
    Number((Math.ceil(high / step - 1e-9) * step).toPrecision(12)),
  ]
}

/** Decimals that tell neighbouring ticks apart. */
export function tickDigits(ticks: readonly number[]): number {
  const step = Math.abs((ticks[1] ?? 1) - (ticks[0] ?? 0))
  if (!(step > 0) || step >= 1) return ticks.every(Number.isInteger) ? 0 : 1
  return Math.min(8, Math.ceil(-Math.log10(step) - 1e-9))
}
