/** A table of this many places is kept in the processor's near memory; a column that needs more is sorted. */
const places = 1 << 18

/** How many different values there are, by a hash table with open addressing; undefined when there are too many for it. */
export function countDistinct(values: Float64Array): number | undefined {
  const known = new Float64Array(places).fill(Number.NaN)
  const scratch = new Float64Array(1)
  const words = new Int32Array(scratch.buffer)
  let distinct = 0
  for (let i = 0; i < values.length; i++) {
    const value = values[i]! + 0
    scratch[0] = value
    let at = (Math.imul(words[0]! ^ Math.imul(words[1]!, 0x9e3779b1), 0x85ebca6b) >>> 12) & (places - 1)
    while (known[at] !== value && !Number.isNaN(known[at]!)) at = (at + 1) & (places - 1)
    if (known[at] === value) continue
    known[at] = value
    distinct++
    if (distinct > places / 2) return undefined
  }
  return distinct
}
