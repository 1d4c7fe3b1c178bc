import type { Random } from '../random/random.ts'
import { classRows, countClasses, rowsToAdd } from './class-counts.ts'

/**
 * Random over-sampling: all rows in their order, then for each class drawn ones, with replacement, until it has `wanted`
 * rows (default: as many as the largest class).
 */
export function overSampleRows(
  codes: Int32Array,
  classes: number,
  random: Random,
  wanted?: ArrayLike<number>,
): Uint32Array {
  const missing = rowsToAdd(countClasses(codes, classes), wanted)
  const rows = new Uint32Array(codes.length + missing.reduce((sum, count) => sum + count, 0))
  for (let i = 0; i < codes.length; i++) rows[i] = i
  let at = codes.length
  missing.forEach((count, code) => {
    if (count === 0) return
    const own = classRows(codes, code)
    const draws = random.split(code)
    for (let draw = 0; draw < count; draw++) rows[at++] = own[draws.integer(own.length)]!
  })
  return rows
}

/**
 * Random under-sampling: of each class `wanted` rows drawn without replacement (default: as many as the smallest class
 * that has any), in their original order. A class with fewer rows keeps them all.
 */
export function underSampleRows(
  codes: Int32Array,
  classes: number,
  random: Random,
  wanted?: ArrayLike<number>,
): Uint32Array {
  const counts = countClasses(codes, classes)
  const least = counts.reduce((a, b) => (b > 0 ? Math.min(a, b) : a), codes.length)
  const kept = new Uint8Array(codes.length)
  for (let code = 0; code < classes; code++) {
    const own = random.split(code).shuffle(classRows(codes, code))
    for (const row of own.subarray(0, Math.max(0, wanted ? wanted[code]! : least))) kept[row] = 1
  }
  return Uint32Array.from(codes.keys()).filter((row) => kept[row] === 1)
}
