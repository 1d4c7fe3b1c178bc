import type { TreeLink } from './ensemble-json.ts'

/** The logistic function, without overflow. */
export const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Margins of an ensemble, row-major with `outputs` a row, as the model gives them: class probabilities, or predictions. */
export function linkMargins(margins: Float64Array, outputs: number, link: TreeLink): Float64Array {
  if (link === 'exponential') return margins.map(Math.exp)
  if (link === 'logistic') return Float64Array.from(Array.from(margins, (x) => [sigmoid(-x), sigmoid(x)]).flat())
  if (link !== 'softmax') return margins
  const scores = margins.slice()
  for (let from = 0; from < scores.length; from += outputs) {
    const row = scores.subarray(from, from + outputs)
    const top = Math.max(...row)
    const powers = row.map((x) => Math.exp(x - top))
    const sum = powers.reduce((a, b) => a + b, 0)
    row.set(powers.map((power) => power / sum))
  }
  return scores
}
