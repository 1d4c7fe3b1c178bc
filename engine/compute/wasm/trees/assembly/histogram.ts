import { features, gradients, HISTOGRAM_BYTES, histogramPlaces, histogramSet, rowBins, rowOrder, scratch, stride } from './state'

/** Where a feature's histogram begins in a set. */
// @ts-expect-error: AssemblyScript decorator
@inline
export function histogramAt(feature: i32): usize {
  const place = histogramPlaces + (<usize>(feature >> 3) << 3)
  return <usize>load<u32>(place) + <usize>(feature & 7) * <usize>load<u32>(place, 4)
}

/** Bytes of a feature's histogram, a multiple of 16: those of the eight features beside it, for the one with most bins. */
// @ts-expect-error: AssemblyScript decorator
@inline
export function histogramBytes(feature: i32): usize {
  return <usize>load<u32>(histogramPlaces + (<usize>(feature >> 3) << 3), 4)
}

/** Adds one row's packed gradient to eight consecutive features' histograms: one u64 load holds eight bins. */
// @ts-expect-error: AssemblyScript decorator
@inline
function addEight(row: usize, histogram: usize, value: i64): void {
  const bins = load<u64>(row)
  const low = <u32>bins
  const high = <u32>(bins >> 32)
  let p = histogram + ((low & 255) << 3)
  store<i64>(p, load<i64>(p) + value)
  p = histogram + ((low >> 5) & 2040)
  store<i64>(p, load<i64>(p, 2048) + value, 2048)
  p = histogram + ((low >> 13) & 2040)
  store<i64>(p, load<i64>(p, 4096) + value, 4096)
  p = histogram + ((low >> 21) & 2040)
  store<i64>(p, load<i64>(p, 6144) + value, 6144)
  p = histogram + ((high & 255) << 3)
  store<i64>(p, load<i64>(p, 8192) + value, 8192)
  p = histogram + ((high >> 5) & 2040)
  store<i64>(p, load<i64>(p, 10240) + value, 10240)
  p = histogram + ((high >> 13) & 2040)
  store<i64>(p, load<i64>(p, 12288) + value, 12288)
  p = histogram + ((high >> 21) & 2040)
  store<i64>(p, load<i64>(p, 14336) + value, 14336)
}

/** The same where none of the eight has many bins. */
// @ts-expect-error: AssemblyScript decorator
@inline
function addNarrow(row: usize, histogram: usize, value: i64, bytes: usize): void {
  let bins = load<u64>(row)
  for (let j = 0; j < 8; j++) {
    const p = histogram + (<usize>(bins & 255) << 3)
    store<i64>(p, load<i64>(p) + value)
    bins >>= 8
    histogram += bytes
  }
}

/** The sum over the rows that a set of histograms holds; each histogram has it. */
export function sumCells(target: usize): i64 {
  let sum: i64 = 0
  for (let b: usize = 0; b < histogramBytes(0); b += 8) sum += load<i64>(target + b)
  return sum
}

/** The same sum from the rows themselves. */
export function sumRows(begin: i32, count: i32): i64 {
  let sum: i64 = 0
  const end = rowOrder + (<usize>(begin + count) << 2)
  for (let place = rowOrder + (<usize>begin << 2); place < end; place += 4)
    sum += load<i64>(gradients + (<usize>load<u32>(place) << 3))
  return sum
}

/** Groups of eight features. */
export function groupCount(): i32 {
  return (features + 7) >> 3
}

/** Histograms of `count` rows from place `begin` in the row order, of the groups of eight features from `from` to before `to`. */
export function buildHistograms(target: usize, begin: i32, count: i32, from: i32, to: i32): void {
  const at = histogramAt(from << 3)
  memory.fill(target + at, 0, (to == groupCount() ? histogramSet : histogramAt(to << 3)) - at)
  addRows(target, begin, count, from, to, false)
}

/**
 * Adds rows to histograms, or takes them out. Fixed-point sums are exact, so neither order nor thread count matters.
 * WebAssembly has no prefetch: 32 rows are touched back to back first, so that their cache misses overlap, and their
 * gradients are parked in scratch.
 */
export function addRows(target: usize, begin: i32, count: i32, from: i32, to: i32, takeOut: bool): void {
  const rest = to == groupCount() ? features & 7 : 0
  const full = rest ? to - 1 : to
  const lastBytes = rest ? histogramBytes(features - 1) : 0
  const wide = histogramSet == <usize>features * HISTOGRAM_BYTES
  const first = target + histogramAt(from << 3)
  const bins = rowBins + (<usize>from << 3)
  const parked = scratch + 131072
  let place = rowOrder + (<usize>begin << 2)
  const end = place + (<usize>count << 2)
  let touched: u32 = 0
  while (place < end) {
    const stop = min<usize>(end, place + 128)
    let s = parked
    for (let q = place; q < stop; q += 4) {
      const i = <usize>load<u32>(q)
      const value = load<i64>(gradients + (i << 3))
      store<i64>(s, takeOut ? -value : value)
      touched += load<u8>(bins + i * stride)
      s += 8
    }
    s = parked
    for (; place < stop; place += 4) {
      const value = load<i64>(s)
      s += 8
      let row = bins + <usize>load<u32>(place) * stride
      let h = first
      if (wide) {
        for (let g = from; g < full; g++) {
          addEight(row, h, value)
          row += 8
          h += 8 * HISTOGRAM_BYTES
        }
      } else {
        for (let g = from; g < full; g++) {
          const bytes = histogramBytes(g << 3)
          if (bytes == HISTOGRAM_BYTES) addEight(row, h, value)
          else addNarrow(row, h, value, bytes)
          row += 8
          h += bytes << 3
        }
      }
      for (let j = 0; j < rest; j++) {
        const p = h + (<usize>load<u8>(row) << 3)
        store<i64>(p, load<i64>(p) + value)
        row++
        h += lastBytes
      }
    }
  }
  store<u32>(scratch + 131584, touched)
}
