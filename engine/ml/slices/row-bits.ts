/** Rows of a table as bits, 32 a word: which are in two sets at once is one operation for 32 of them. */
export type RowBits = Uint32Array

export function bitsOf(rows: Uint32Array, all: number): RowBits {
  const bits = new Uint32Array(Math.ceil(all / 32))
  for (const row of rows) bits[row >>> 5]! |= 1 << (row & 31)
  return bits
}

/** Ones in a word, added up in pairs, fours and bytes (Warren, Hacker's Delight, 5-1). */
function ones(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** How many rows are in both. */
export function countBoth(a: RowBits, b: RowBits): number {
  let count = 0
  for (let word = 0; word < a.length; word++) count += ones(a[word]! & b[word]!)
  return count
}

/** The rows that are in all of the sets, one at least. */
export function inAll(sets: readonly RowBits[]): RowBits {
  const common = sets[0]!.slice()
  for (const bits of sets.slice(1)) for (let word = 0; word < common.length; word++) common[word]! &= bits[word]!
  return common
}

/** Their numbers, rising. */
export function rowsOf(bits: RowBits): Uint32Array {
  const rows = new Uint32Array(countBoth(bits, bits))
  let at = 0
  for (let word = 0; word < bits.length; word++)
    for (let left = bits[word]!; left !== 0; left &= left - 1) rows[at++] = 32 * word + 31 - Math.clz32(left & -left)
  return rows
}
