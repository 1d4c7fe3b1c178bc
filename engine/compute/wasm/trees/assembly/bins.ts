/** Bins of rows [from, to) of one f64 column: branch-free search over 255 ascending bounds padded with +inf. */
export function binColumn(
  source: usize,
  from: i32,
  to: i32,
  bounds: usize,
  missingBin: i32,
  column: usize,
  row: usize,
  rowStride: i32,
): void {
  for (let i = from; i < to; i++) {
    const value = load<f64>(source + ((<usize>i) << 3))
    let p = bounds
    p += select<usize>(128 << 3, 0, load<f64>(p, 127 << 3) < value)
    p += select<usize>(64 << 3, 0, load<f64>(p, 63 << 3) < value)
    p += select<usize>(32 << 3, 0, load<f64>(p, 31 << 3) < value)
    p += select<usize>(16 << 3, 0, load<f64>(p, 15 << 3) < value)
    p += select<usize>(8 << 3, 0, load<f64>(p, 7 << 3) < value)
    p += select<usize>(4 << 3, 0, load<f64>(p, 3 << 3) < value)
    p += select<usize>(2 << 3, 0, load<f64>(p, 1 << 3) < value)
    p += select<usize>(1 << 3, 0, load<f64>(p) < value)
    const bin = select<i32>(missingBin, <i32>((p - bounds) >> 3), value != value)
    store<u8>(column + i, <u8>bin)
    store<u8>(row + <usize>i * rowStride, <u8>bin)
  }
}
