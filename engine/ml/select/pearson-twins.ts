import type { DenseProducts } from '#contract'
import { correlations, type Measured, measured } from './correlations.ts'
import { byValue, type Twin, type TwinChoice } from './drop-twins.ts'

/** Columns whose correlations are worked out at once. */
const blockColumns = 128

/** The kept column that a feature resembles most so far. */
interface Nearest {
  twin: number
  strength: number
}

/**
 * Columns without those whose absolute correlation with a kept one reaches the threshold, chosen as `dropTwins` does, but block by
 * block: the work is in products of matrices, and `onBlock` hears the share that is done after each.
 */
export async function pearsonTwins(
  columns: readonly Float64Array[],
  threshold = 0.95,
  value?: ArrayLike<number>,
  tools: { readonly products?: DenseProducts; onBlock?(fraction: number): Promise<void> } = {},
): Promise<TwinChoice> {
  const order = byValue(columns.length, value)
  const all = columns.map(measured)
  const kept: number[] = []
  const dropped: Twin[] = []
  for (let from = 0; from < order.length; from += blockColumns) {
    const block = order.slice(from, from + blockColumns)
    const own = block.map((feature) => all[feature]!)
    const nearest = block.map((): Nearest => ({ twin: -1, strength: 0 }))
    for (let at = 0; at < kept.length; at += blockColumns)
      compare(own, nearest, kept.slice(at, at + blockColumns), all, threshold, tools.products)
    const within = correlations(own, own, tools.products)
    const stays: number[] = []
    block.forEach((feature, i) => {
      for (const k of stays) take(nearest[i]!, block[k]!, Math.abs(within.values[i * block.length + k]!), threshold)
      const { twin, strength } = nearest[i]!
      if (twin < 0) stays.push(i)
      else dropped.push({ feature, twin, strength })
    })
    kept.push(...stays.map((i) => block[i]!))
    await tools.onBlock?.(((from + block.length) / order.length) ** 2)
  }
  return { kept: kept.sort((i, j) => i - j), dropped: dropped.sort((a, b) => a.feature - b.feature) }
}

function compare(
  own: readonly Measured[],
  nearest: readonly Nearest[],
  some: readonly number[],
  all: readonly Measured[],
  threshold: number,
  products: DenseProducts | undefined,
): void {
  const others = some.map((feature) => all[feature]!)
  const { values } = correlations(own, others, products)
  nearest.forEach((one, i) => {
    some.forEach((feature, k) => {
      take(one, feature, Math.abs(values[i * some.length + k]!), threshold)
    })
  })
}

function take(nearest: Nearest, feature: number, strength: number, threshold: number): void {
  if (strength < threshold || (nearest.twin >= 0 && strength <= nearest.strength)) return
  nearest.twin = feature
  nearest.strength = strength
}
