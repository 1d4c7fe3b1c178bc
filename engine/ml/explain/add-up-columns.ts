import type { Contributions } from './linear-shap.ts'

/**
 * Contributions of prepared columns as those of the raw columns they are made from: Shapley values of columns that
 * always come together add up. `sign` -1 turns a score of the other class round.
 */
export function addUpColumns(
  own: { readonly base: number; readonly values: Float64Array },
  sources: readonly string[],
  sign: 1 | -1 = 1,
): Contributions {
  const features = [...new Set(sources)]
  const places = new Map(features.map((feature, place) => [feature, place]))
  const player = Int32Array.from(sources, (source) => places.get(source)!)
  const values = new Float64Array((own.values.length / Math.max(1, sources.length)) * features.length)
  own.values.forEach((value, at) => {
    const row = Math.floor(at / sources.length)
    values[row * features.length + player[at % sources.length]!]! += sign * value
  })
  return { base: sign * own.base, features, values }
}
