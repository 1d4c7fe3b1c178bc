const single = new DataView(new ArrayBuffer(8))

/** The next float below a finite float or infinity. */
function floatBelow(value: number): number {
  if (value === 0) return -(2 ** -149)
  single.setFloat32(0, value)
  single.setInt32(0, single.getInt32(0) + (value > 0 ? -1 : 1))
  return single.getFloat32(0)
}

/** The next double below a finite double. */
function doubleBelow(value: number): number {
  if (value === 0) return -Number.MIN_VALUE
  single.setFloat64(0, value)
  single.setBigInt64(0, single.getBigInt64(0) + (value > 0 ? -1n : 1n))
  return single.getFloat64(0)
}

/**
 * The double c for which x <= c says of every finite double x what x < t says in single precision, where x and t are rounded
 * to the nearest float, ties to even: half-way between t and the float below it, or the double below that where the
 * half-way point itself rounds up to t.
 */
export function thresholdBelow(t: number): number {
  const upper = Math.fround(t)
  if (upper === Number.NEGATIVE_INFINITY) return upper
  const lower = floatBelow(upper)
  if (lower === Number.NEGATIVE_INFINITY) return doubleBelow(-(2 ** 128) + 2 ** 103)
  const middle = (upper === Number.POSITIVE_INFINITY ? 2 ** 128 : upper) / 2 + lower / 2
  return Math.fround(middle) === lower ? middle : doubleBelow(middle)
}

/** As `thresholdBelow`, of x <= t in single precision. */
export function thresholdAt(t: number): number {
  const upper = -floatBelow(-Math.fround(t))
  return Math.fround(t) === Number.POSITIVE_INFINITY ? Number.POSITIVE_INFINITY : thresholdBelow(upper)
}
