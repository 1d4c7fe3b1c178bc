export { findNeighbours, prepareNeighbours } from './neighbours'

// Products of dense row-major f64 matrices with 128-bit lanes. Every sum runs in the order of engine/ml/linalg/products.ts and
// there is no fused multiply-add, so both give the same bytes, on every machine. Matrices come in blocks of rows that stay in
// the cache; the caller copies them in. Row counts of blocks are multiples of 4 but for the last.

// @ts-ignore: AssemblyScript decorator
@inline
function at(base: usize, index: i32): usize {
  return base + (<usize>index << 3)
}

// @ts-ignore: AssemblyScript decorator
@inline
function times(a: v128, b: v128): v128 {
  return v128.mul<f64>(a, b)
}

// @ts-ignore: AssemblyScript decorator
@inline
function plus(a: v128, b: v128): v128 {
  return v128.add<f64>(a, b)
}

/** Copies rows less the means (0 for none) to `width` columns a row, a multiple of 4, and into `weighted` each times its d (0 for none). */
export function pack(x: usize, rows: i32, columns: i32, means: usize, d: usize, packed: usize, weighted: usize, width: i32): void {
  for (let i = 0; i < rows; i++) {
    const factor = d ? load<f64>(at(d, i)) : 1.0
    const from = at(x, i * columns)
    const to = at(packed, i * width)
    const scaled = at(weighted, i * width)
    let j = 0
    for (; j < columns; j++) {
      const value = means ? load<f64>(at(from, j)) - load<f64>(at(means, j)) : load<f64>(at(from, j))
      store<f64>(at(to, j), value)
      store<f64>(at(scaled, j), factor * value)
    }
    for (; j < width; j++) {
      store<f64>(at(to, j), 0)
      store<f64>(at(scaled, j), 0)
    }
  }
}

/** Adds the Gram matrix of packed rows to the lower triangle of `out`, `width` columns a row; entries right of it are scratch. */
export function addGram(packed: usize, weighted: usize, rows: i32, width: i32, out: usize): void {
  for (let j = 0; j < width; j += 2) for (let k = 0; k <= j; k += 4) gramTile(packed, weighted, rows, width, out, j, k)
}

/** Two rows of `out` by four columns, in registers over all rows. */
function gramTile(packed: usize, weighted: usize, rows: i32, width: i32, out: usize, j: i32, k: i32): void {
  const upper = at(out, j * width + k)
  const lower = at(upper, width)
  let c00 = v128.load(upper)
  let c01 = v128.load(upper, 16)
  let c10 = v128.load(lower)
  let c11 = v128.load(lower, 16)
  const step = <usize>width << 3
  let a = at(weighted, j)
  let x = at(packed, k)
  let i = 0
  for (; i + 3 < rows; i += 4) {
    const x1 = x + step
    const x2 = x1 + step
    const x3 = x2 + step
    const a1 = a + step
    const a2 = a1 + step
    const a3 = a2 + step
    const l0 = v128.load(x)
    const h0 = v128.load(x, 16)
    const l1 = v128.load(x1)
    const h1 = v128.load(x1, 16)
    const l2 = v128.load(x2)
    const h2 = v128.load(x2, 16)
    const l3 = v128.load(x3)
    const h3 = v128.load(x3, 16)
    let f = v128.load64_splat(a)
    let low = times(f, l0)
    let high = times(f, h0)
    f = v128.load64_splat(a1)
    low = plus(low, times(f, l1))
    high = plus(high, times(f, h1))
    f = v128.load64_splat(a2)
    low = plus(low, times(f, l2))
    high = plus(high, times(f, h2))
    f = v128.load64_splat(a3)
    c00 = plus(c00, plus(low, times(f, l3)))
    c01 = plus(c01, plus(high, times(f, h3)))
    f = v128.load64_splat(a, 8)
    low = times(f, l0)
    high = times(f, h0)
    f = v128.load64_splat(a1, 8)
    low = plus(low, times(f, l1))
    high = plus(high, times(f, h1))
    f = v128.load64_splat(a2, 8)
    low = plus(low, times(f, l2))
    high = plus(high, times(f, h2))
    f = v128.load64_splat(a3, 8)
    c10 = plus(c10, plus(low, times(f, l3)))
    c11 = plus(c11, plus(high, times(f, h3)))
    a = a3 + step
    x = x3 + step
  }
  for (; i < rows; i++) {
    const low = v128.load(x)
    const high = v128.load(x, 16)
    const f0 = v128.load64_splat(a)
    const f1 = v128.load64_splat(a, 8)
    c00 = plus(c00, times(f0, low))
    c01 = plus(c01, times(f0, high))
    c10 = plus(c10, times(f1, low))
    c11 = plus(c11, times(f1, high))
    a += step
    x += step
  }
  v128.store(upper, c00)
  v128.store(upper, c01, 16)
  v128.store(lower, c10)
  v128.store(lower, c11, 16)
}

/** out = start + X B, B with `width` columns a row, a multiple of 4; each sum in the order of the columns of X. */
export function product(x: usize, rows: i32, columns: i32, b: usize, width: i32, start: usize, out: usize): void {
  const step = <usize>width << 3
  for (let k = 0; k < width; k += 4) {
    const firstLow = v128.load(at(start, k))
    const firstHigh = v128.load(at(start, k), 16)
    let i = 0
    for (; i + 3 < rows; i += 4) {
      let p0 = at(x, i * columns)
      let p1 = at(p0, columns)
      let p2 = at(p1, columns)
      let p3 = at(p2, columns)
      let c00 = firstLow
      let c01 = firstHigh
      let c10 = firstLow
      let c11 = firstHigh
      let c20 = firstLow
      let c21 = firstHigh
      let c30 = firstLow
      let c31 = firstHigh
      let q = at(b, k)
      for (let j = 0; j < columns; j++) {
        const low = v128.load(q)
        const high = v128.load(q, 16)
        let f = v128.load64_splat(p0)
        c00 = plus(c00, times(f, low))
        c01 = plus(c01, times(f, high))
        f = v128.load64_splat(p1)
        c10 = plus(c10, times(f, low))
        c11 = plus(c11, times(f, high))
        f = v128.load64_splat(p2)
        c20 = plus(c20, times(f, low))
        c21 = plus(c21, times(f, high))
        f = v128.load64_splat(p3)
        c30 = plus(c30, times(f, low))
        c31 = plus(c31, times(f, high))
        p0 += 8
        p1 += 8
        p2 += 8
        p3 += 8
        q += step
      }
      const to = at(out, i * width + k)
      v128.store(to, c00)
      v128.store(to, c01, 16)
      v128.store(to + step, c10)
      v128.store(to + step, c11, 16)
      v128.store(to + 2 * step, c20)
      v128.store(to + 2 * step, c21, 16)
      v128.store(to + 3 * step, c30)
      v128.store(to + 3 * step, c31, 16)
    }
    for (; i < rows; i++) {
      const p = at(x, i * columns)
      let low = firstLow
      let high = firstHigh
      for (let j = 0; j < columns; j++) {
        const f = v128.load64_splat(at(p, j))
        const q = at(b, j * width + k)
        low = plus(low, times(f, v128.load(q)))
        high = plus(high, times(f, v128.load(q, 16)))
      }
      const to = at(out, i * width + k)
      v128.store(to, low)
      v128.store(to, high, 16)
    }
  }
}

/** out = squared Euclidean distances of the rows of X from the columns of B; laid out as in `product`. */
export function squaredGaps(x: usize, rows: i32, columns: i32, b: usize, width: i32, out: usize): void {
  const step = <usize>width << 3
  for (let k = 0; k < width; k += 4)
    for (let i = 0; i < rows; i += 2) {
      let p0 = at(x, i * columns)
      let p1 = i + 1 < rows ? at(p0, columns) : p0
      let c00 = f64x2.splat(0)
      let c01 = c00
      let c10 = c00
      let c11 = c00
      let q = at(b, k)
      for (let j = 0; j < columns; j++) {
        const low = v128.load(q)
        const high = v128.load(q, 16)
        const f0 = v128.load64_splat(p0)
        const f1 = v128.load64_splat(p1)
        let gap = v128.sub<f64>(f0, low)
        c00 = plus(c00, times(gap, gap))
        gap = v128.sub<f64>(f0, high)
        c01 = plus(c01, times(gap, gap))
        gap = v128.sub<f64>(f1, low)
        c10 = plus(c10, times(gap, gap))
        gap = v128.sub<f64>(f1, high)
        c11 = plus(c11, times(gap, gap))
        p0 += 8
        p1 += 8
        q += step
      }
      const to = at(out, i * width + k)
      v128.store(to, c00)
      v128.store(to, c01, 16)
      if (i + 1 === rows) continue
      v128.store(to + step, c10)
      v128.store(to + step, c11, 16)
    }
}
