/** Shorter arrays are sorted by comparison. */
const fewNumbers = 4_096
/** Digits of the high word of a double from the lowest: shift and number of values. */
const digits = [
  [0, 2_048],
  [11, 2_048],
  [22, 1_024],
] as const
/** Values alike in their high words are sorted by insertion up to so many. */
const fewAlike = 24

/**
 * A sorted copy, in the order of `Float64Array.sort` (-0 before 0); no value may be NaN. Radix sort on the high words of
 * the doubles (Knuth, The Art of Computer Programming 3, 5.2.5), a pass a digit of 11 bits; then values alike in these
 * bits are put in order among themselves.
 */
export function sortNumbers(values: Float64Array): Float64Array {
  if (values.length < fewNumbers) return values.slice().sort()
  let from = values.slice()
  let to = new Float64Array(values.length)
  for (const [digit, starts] of countDigits(from).entries()) {
    if (!starts) continue
    const [shift, size] = digits[digit]!
    const words = new Uint32Array(from.buffer)
    for (let i = 0; i < from.length; i++) {
      const key = (words[2 * i + 1]! >>> shift) & (size - 1)
      to[starts[key]!++] = from[i]!
    }
    const spare = from
    from = to
    to = spare
  }
  const sorted = negativesFirst(from, to)
  sortAlike(sorted)
  return sorted
}

/** Where each value of each digit begins; undefined for a digit that all numbers share. */
function countDigits(values: Float64Array): (Uint32Array | undefined)[] {
  const words = new Uint32Array(values.buffer)
  const counts = digits.map(([, size]) => new Uint32Array(size))
  const [a, b, c] = counts as [Uint32Array, Uint32Array, Uint32Array]
  for (let at = 1; at < words.length; at += 2) {
    const high = words[at]!
    a[high & 2_047]!++
    b[(high >>> 11) & 2_047]!++
    c[high >>> 22]!++
  }
  return counts.map((counted) => (counted.includes(values.length) ? undefined : startsOf(counted)))
}

/** Sorts within runs of the same high word. */
function sortAlike(values: Float64Array): void {
  const words = new Uint32Array(values.buffer)
  for (let begin = 0, end = 0; begin < values.length; begin = end) {
    const high = words[2 * begin + 1]!
    let ordered = true
    for (end = begin + 1; end < values.length && words[2 * end + 1] === high; end++)
      if (values[end]! < values[end - 1]!) ordered = false
    if (ordered) continue
    if (end - begin > fewAlike) values.subarray(begin, end).sort()
    else insertionSort(values, begin, end)
  }
}

function insertionSort(values: Float64Array, begin: number, end: number): void {
  for (let i = begin + 1; i < end; i++) {
    const value = values[i]!
    let at = i
    for (; at > begin && values[at - 1]! > value; at--) values[at] = values[at - 1]!
    values[at] = value
  }
}

function startsOf(counts: Uint32Array): Uint32Array {
  let next = 0
  return counts.map((count) => {
    const start = next
    next += count
    return start
  })
}

/** By their bits negative numbers come last, the smallest in size first: here they are turned around to the front. */
function negativesFirst(sorted: Float64Array, spare: Float64Array): Float64Array {
  let positives = sorted.length
  while (positives > 0 && isNegative(sorted[positives - 1]!)) positives--
  if (positives === sorted.length) return sorted
  const negatives = sorted.subarray(positives)
  negatives.reverse()
  spare.set(negatives)
  spare.set(sorted.subarray(0, positives), negatives.length)
  return spare
}

const isNegative = (value: number) => value < 0 || Object.is(value, -0)

/** How many of the sorted values come before those that pass; passing ones stand together at the end. */
export function countBefore(sorted: Float64Array, passes: (value: number) => boolean): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (passes(sorted[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}
