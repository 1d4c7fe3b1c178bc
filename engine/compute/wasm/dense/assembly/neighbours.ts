// The k nearest other rows of every row. Products of centred single-precision copies sort out what is too far, with room for
// their rounding; distances are then computed in double from the rows themselves, so the result is exact.
// Layouts: `single` row-major f32; `blocks` f32 in groups of 8 rows, column after column.

const GROUP: i32 = 4
const BLOCK: i32 = 8
/** Rows that are compared with all others before the next: what stays in the cache. */
const TILE: i32 = 512

// @ts-ignore: AssemblyScript decorator
@inline
function relativeRoom(columns: i32): f64 {
  return 2.4e-7 * <f64>(columns + 8)
}

/** Fills the copies; `squares` gets each row's least possible square, infinite beyond the rows. `padded` is a multiple of 8. */
export function prepareNeighbours(x: usize, rows: i32, columns: i32, padded: i32, single: usize, blocks: usize, squares: usize): void {
  const wide = <usize>columns << 3
  for (let j = 0; j < columns; j++) {
    let mean = 0.0
    for (let i = 0; i < rows; i++) mean += load<f64>(x + <usize>i * wide + (<usize>j << 3)) / <f64>rows
    for (let i = 0; i < padded; i++) {
      const value = i < rows ? <f32>(load<f64>(x + <usize>i * wide + (<usize>j << 3)) - mean) : <f32>0
      store<f32>(single + (<usize>(i * columns + j) << 2), value)
      store<f32>(blocks + (<usize>(((i >> 3) * columns + j) * BLOCK + (i & 7)) << 2), value)
    }
  }
  for (let i = 0; i < padded; i++) {
    let square = 0.0
    for (let j = 0; j < columns; j++) {
      const value = <f64>load<f32>(single + (<usize>(i * columns + j) << 2))
      square += value * value
    }
    store<f32>(squares + (<usize>i << 2), i < rows ? <f32>(square * (1.0 - relativeRoom(columns))) : f32.MAX_VALUE)
  }
}

/** Fills `near` (u32) and `gaps` (f64, squares), k a row, nearest first, of equals the lower row; both begin as -1 and infinity. */
export function findNeighbours(
  x: usize, rows: i32, columns: i32, padded: i32, single: usize, blocks: usize, squares: usize, k: i32, near: usize, gaps: usize,
): void {
  for (let tile = 0; tile < padded; tile += TILE) {
    const end = min(tile + TILE, padded)
    for (let i = 0; i < rows; i += GROUP) for (let j = tile; j < end; j += BLOCK) compare(x, rows, columns, single, blocks, squares, k, near, gaps, i, j)
  }
}

/** Four rows with eight others. */
function compare(
  x: usize, rows: i32, columns: i32, single: usize, blocks: usize, squares: usize, k: i32, near: usize, gaps: usize, i: i32, j: i32,
): void {
  let p0 = single + (<usize>(i * columns) << 2)
  const step = <usize>columns << 2
  let q = blocks + (<usize>(j * columns) << 2)
  let c00 = f32x4.splat(0)
  let c01 = c00
  let c10 = c00
  let c11 = c00
  let c20 = c00
  let c21 = c00
  let c30 = c00
  let c31 = c00
  for (let column = 0; column < columns; column++) {
    const low = v128.load(q)
    const high = v128.load(q, 16)
    let f = v128.load32_splat(p0)
    c00 = v128.add<f32>(c00, v128.mul<f32>(f, low))
    c01 = v128.add<f32>(c01, v128.mul<f32>(f, high))
    f = v128.load32_splat(p0 + step)
    c10 = v128.add<f32>(c10, v128.mul<f32>(f, low))
    c11 = v128.add<f32>(c11, v128.mul<f32>(f, high))
    f = v128.load32_splat(p0 + 2 * step)
    c20 = v128.add<f32>(c20, v128.mul<f32>(f, low))
    c21 = v128.add<f32>(c21, v128.mul<f32>(f, high))
    f = v128.load32_splat(p0 + 3 * step)
    c30 = v128.add<f32>(c30, v128.mul<f32>(f, low))
    c31 = v128.add<f32>(c31, v128.mul<f32>(f, high))
    p0 += 4
    q += 32
  }
  const low = v128.load(squares + (<usize>j << 2))
  const high = v128.load(squares + (<usize>j << 2), 16)
  take(x, rows, columns, squares, k, near, gaps, i, j, v128.sub<f32>(low, v128.add<f32>(c00, c00)), v128.sub<f32>(high, v128.add<f32>(c01, c01)))
  take(x, rows, columns, squares, k, near, gaps, i + 1, j, v128.sub<f32>(low, v128.add<f32>(c10, c10)), v128.sub<f32>(high, v128.add<f32>(c11, c11)))
  take(x, rows, columns, squares, k, near, gaps, i + 2, j, v128.sub<f32>(low, v128.add<f32>(c20, c20)), v128.sub<f32>(high, v128.add<f32>(c21, c21)))
  take(x, rows, columns, squares, k, near, gaps, i + 3, j, v128.sub<f32>(low, v128.add<f32>(c30, c30)), v128.sub<f32>(high, v128.add<f32>(c31, c31)))
}

/** Looks closer at those of eight rows whose least distance, less the row's own square, is within its worst so far. */
// @ts-ignore: AssemblyScript decorator
@inline
function take(
  x: usize, rows: i32, columns: i32, squares: usize, k: i32, near: usize, gaps: usize, i: i32, j: i32, low: v128, high: v128,
): void {
  const worst = load<f64>(gaps + (<usize>(i * k + k - 1) << 3))
  const limit = f32x4.splat(<f32>(worst * 1.000001 - <f64>load<f32>(squares + (<usize>i << 2)) * 0.999999))
  const lows = v128.le<f32>(low, limit)
  const highs = v128.le<f32>(high, limit)
  if (!v128.any_true(v128.or(lows, highs))) return
  let bits = i32x4.bitmask(lows) | (i32x4.bitmask(highs) << 4)
  while (bits) {
    const other = j + ctz(bits)
    bits &= bits - 1
    if (i < rows && other < rows && other != i) insert(x, columns, k, near, gaps, i, other)
  }
}

function insert(x: usize, columns: i32, k: i32, near: usize, gaps: usize, i: i32, other: i32): void {
  let gap = 0.0
  let a = x + (<usize>(i * columns) << 3)
  let b = x + (<usize>(other * columns) << 3)
  for (let column = 0; column < columns; column++) {
    const difference = load<f64>(a) - load<f64>(b)
    gap += difference * difference
    a += 8
    b += 8
  }
  const ownGaps = gaps + (<usize>(i * k) << 3)
  const ownNear = near + (<usize>(i * k) << 2)
  let slot = k - 1
  if (!comesBefore(gap, other, ownGaps, ownNear, slot)) return
  for (; slot > 0 && comesBefore(gap, other, ownGaps, ownNear, slot - 1); slot--) {
    store<f64>(ownGaps + (<usize>slot << 3), load<f64>(ownGaps + (<usize>(slot - 1) << 3)))
    store<u32>(ownNear + (<usize>slot << 2), load<u32>(ownNear + (<usize>(slot - 1) << 2)))
  }
  store<f64>(ownGaps + (<usize>slot << 3), gap)
  store<u32>(ownNear + (<usize>slot << 2), <u32>other)
}

// @ts-ignore: AssemblyScript decorator
@inline
function comesBefore(gap: f64, row: i32, gaps: usize, near: usize, slot: i32): bool {
  const held = load<f64>(gaps + (<usize>slot << 3))
  return gap < held || (gap == held && <u32>row < load<u32>(near + (<usize>slot << 2)))
}
