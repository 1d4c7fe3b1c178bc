import { features, gradients, HISTOGRAM_BYTES, rowBins, rowOrder, scratch, stride } from './state'

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

/**
 * Histograms of `count` rows from place `begin` in the row order. Fixed-point sums are exact, so neither order nor
 * thread count matters. WebAssembly has no prefetch: 32 rows are touched back to back first, so that their cache misses
 * overlap, and their gradients are parked in scratch.
 */
export function buildHistograms(target: usize, begin: i32, count: i32): void {
  memory.fill(target, 0, <usize>features * HISTOGRAM_BYTES)
  const groups = features >> 3
  const rest = features & 7
  const parked = scratch + 131072
  let place = rowOrder + (<usize>begin << 2)
  const end = place + (<usize>count << 2)
  let touched: u32 = 0
  while (place < end) {
    const stop = min<usize>(end, place + 128)
    let s = parked
    for (let q = place; q < stop; q += 4) {
      const i = <usize>load<u32>(q)
      store<i64>(s, load<i64>(gradients + (i << 3)))
      touched += load<u8>(rowBins + i * stride)
      s += 8
    }
    s = parked
    for (; place < stop; place += 4) {
      const value = load<i64>(s)
      s += 8
      let row = rowBins + <usize>load<u32>(place) * stride
      let h = target
      for (let g = 0; g < groups; g++) {
        addEight(row, h, value)
        row += 8
        h += 8 * HISTOGRAM_BYTES
      }
      for (let j = 0; j < rest; j++) {
        const p = h + (<usize>load<u8>(row) << 3)
        store<i64>(p, load<i64>(p) + value)
        row++
        h += HISTOGRAM_BYTES
      }
    }
  }
  store<u32>(scratch + 131584, touched)
}
