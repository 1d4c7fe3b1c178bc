// Path-dependent Shapley values of one tree without tables, for few rows and for deep trees. With z the features a row
// satisfies on the path to a leaf and w their cover shares, Owen's multilinear extension (Owen 1972, doi 10.1287/mnsc.18.5.64)
// gives phi_k = value (z_k - w_k) * integral over t of the product over j != k of (t z_j + (1 - t) w_j): a polynomial, for which
// Gauss-Legendre points are exact. Products are carried down the tree and sums up it, so a node costs its points, whatever
// the depth, as in Yu et al. 2022 (Linear TreeSHAP, arXiv 2209.08192). Up to 32 rows walk together and share the factors.
//
// Node record, 40 bytes, preorder: feature i32 (-1: leaf), right child i32 @4, threshold or leaf value f64 @8, missing left
// i32 @16, of the edge into the node: cover share of its feature so far f64 @24, depth of the edge before on the same feature
// i32 @32 (0: none), feature i32 @36.
const NODE: usize = 40
const ROWS: usize = 32

let points: i32 = 0
let abscissae: usize = 0
let weights: usize = 0
let room: usize = 0
let first: usize = 0
let rowBytes: usize = 0
let phiBytes: usize = 0
let cells: usize = 0
let sums: usize = 0
let rowCount: i32 = 0
let vectorBytes: usize = 0
let levelBytes: usize = 0

// A level of the room: products and subtree sums of all rows, then vectors: ratio for (before, now) = 00, 10, 11; rise for the same;
// 1 / factor for z = 0 and 1; then share f64 and the rows that satisfy the path so far on this feature u32.
// @ts-ignore: AssemblyScript decorator
@inline
function level(depth: i32): usize {
  return room + <usize>depth * levelBytes
}

// @ts-ignore: AssemblyScript decorator
@inline
function vectors(at: usize): usize {
  return at + 2 * ROWS * vectorBytes
}

// @ts-ignore: AssemblyScript decorator
@inline
function shareOf(at: usize): usize {
  return vectors(at) + 8 * vectorBytes
}

/** Bytes of a level for a number of points, an even one. */
export function quadratureLevelBytes(count: i32): usize {
  return (2 * ROWS + 8) * (<usize>count << 3) + 16
}

/** Adds one tree's values for rows [from, to) of row-major f64 x to row-major phi (features + 1 a row). */
export function walkQuadrature(
  nodes: usize, count: i32, t: usize, w: usize, space: usize, x: usize, features: i32, from: i32, to: i32, phi: usize,
): void {
  points = count
  abscissae = t
  weights = w
  room = space
  first = nodes
  vectorBytes = <usize>count << 3
  levelBytes = quadratureLevelBytes(count)
  rowBytes = <usize>features << 3
  phiBytes = <usize>(features + 1) << 3
  if (load<i32>(nodes) < 0) return
  for (let row = from; row < to; row += <i32>ROWS) {
    rowCount = min(<i32>ROWS, to - row)
    cells = x + <usize>row * rowBytes
    sums = phi + <usize>row * phiBytes
    for (let b = 0; b < rowCount; b++)
      for (let q: usize = 0; q < vectorBytes; q += 16) v128.store(room + <usize>b * vectorBytes + q, v128.load(weights + q))
    visit(0, 0)
  }
}

function visit(index: i32, depth: i32): void {
  const node = first + <usize>index * NODE
  const left = goingLeft(node)
  const own = level(depth) + ROWS * vectorBytes
  memory.fill(own, 0, <usize>rowCount * vectorBytes)
  descend(index + 1, depth, left)
  descend(load<i32>(node, 4), depth, ~left)
}

/** The rows, one a bit, that go left at a node. */
function goingLeft(node: usize): u32 {
  let cell = cells + (<usize>load<i32>(node) << 3)
  const threshold = load<f64>(node, 8)
  const missing = load<i32>(node, 16)
  let bits: u32 = 0
  for (let b = 0; b < rowCount; b++) {
    const value = load<f64>(cell)
    const goes = value != value ? missing : <i32>(value <= threshold)
    bits |= <u32>goes << b
    cell += rowBytes
  }
  return bits
}

function descend(index: i32, depth: i32, goes: u32): void {
  const node = first + <usize>index * NODE
  const above = level(depth)
  const below = level(depth + 1)
  const beforeDepth = load<i32>(node, 32)
  const before = beforeDepth ? level(beforeDepth) : 0
  const satisfiedBefore = before ? load<u32>(shareOf(before), 8) : ~(<u32>0)
  const satisfied = satisfiedBefore & goes
  store<f64>(shareOf(below), load<f64>(node, 24))
  store<u32>(shareOf(below), satisfied, 8)
  prepare(below, before, load<f64>(node, 24))
  const isLeaf = load<i32>(node) < 0
  const ratios = vectors(below)
  for (let b = 0; b < rowCount; b++) {
    const variant = <usize>((satisfiedBefore >> b) & 1) + <usize>((satisfied >> b) & 1)
    const ratio = ratios + variant * vectorBytes
    const p = above + <usize>b * vectorBytes
    const out = below + <usize>b * vectorBytes
    for (let q: usize = 0; q < vectorBytes; q += 16) v128.store(out + q, v128.mul<f64>(v128.load(p + q), v128.load(ratio + q)))
  }
  let subtree = below
  let value = 1.0
  if (isLeaf) value = load<f64>(node, 8)
  else {
    visit(index, depth + 1)
    subtree = below + ROWS * vectorBytes
  }
  const rises = ratios + 3 * vectorBytes
  const factor = f64x2.splat(value)
  const into = above + ROWS * vectorBytes
  let target = sums + (<usize>load<i32>(node, 36) << 3)
  for (let b = 0; b < rowCount; b++) {
    const variant = <usize>((satisfiedBefore >> b) & 1) + <usize>((satisfied >> b) & 1)
    const rise = rises + variant * vectorBytes
    const s = subtree + <usize>b * vectorBytes
    const sum = into + <usize>b * vectorBytes
    let total = f64x2.splat(0)
    for (let q: usize = 0; q < vectorBytes; q += 16) {
      const part = v128.mul<f64>(v128.load(s + q), factor)
      total = v128.add<f64>(total, v128.mul<f64>(part, v128.load(rise + q)))
      v128.store(sum + q, v128.add<f64>(v128.load(sum + q), part))
    }
    store<f64>(target, load<f64>(target) + f64x2.extract_lane(total, 0) + f64x2.extract_lane(total, 1))
    target += phiBytes
  }
}

/** The vectors of an edge with the given share, after the edge `before` on the same feature (0: none). */
function prepare(below: usize, before: usize, share: f64): void {
  const ratios = vectors(below)
  const rises = ratios + 3 * vectorBytes
  const inverses = ratios + 6 * vectorBytes
  const one = f64x2.splat(1)
  const w = f64x2.splat(share)
  const inversesBefore = before ? vectors(before) + 6 * vectorBytes : 0
  const shareBefore = f64x2.splat(before ? load<f64>(shareOf(before)) : 0)
  for (let q: usize = 0; q < vectorBytes; q += 16) {
    const t = v128.load(abscissae + q)
    const off = v128.mul<f64>(v128.sub<f64>(one, t), w)
    const on = v128.add<f64>(t, off)
    const inverseOff = v128.div<f64>(one, off)
    const inverseOn = v128.div<f64>(one, on)
    v128.store(inverses + q, inverseOff)
    v128.store(inverses + vectorBytes + q, inverseOn)
    const riseOff = v128.neg<f64>(v128.mul<f64>(w, inverseOff))
    const riseOn = v128.mul<f64>(v128.sub<f64>(one, w), inverseOn)
    if (!before) {
      v128.store(ratios + vectorBytes + q, off)
      v128.store(ratios + 2 * vectorBytes + q, on)
      v128.store(rises + vectorBytes + q, riseOff)
      v128.store(rises + 2 * vectorBytes + q, riseOn)
      continue
    }
    const inverseOffBefore = v128.load(inversesBefore + q)
    const inverseOnBefore = v128.load(inversesBefore + vectorBytes + q)
    const riseOffBefore = v128.neg<f64>(v128.mul<f64>(shareBefore, inverseOffBefore))
    const riseOnBefore = v128.mul<f64>(v128.sub<f64>(one, shareBefore), inverseOnBefore)
    v128.store(ratios + q, v128.mul<f64>(off, inverseOffBefore))
    v128.store(ratios + vectorBytes + q, v128.mul<f64>(off, inverseOnBefore))
    v128.store(ratios + 2 * vectorBytes + q, v128.mul<f64>(on, inverseOnBefore))
    v128.store(rises + q, v128.sub<f64>(riseOff, riseOffBefore))
    v128.store(rises + vectorBytes + q, v128.sub<f64>(riseOff, riseOnBefore))
    v128.store(rises + 2 * vectorBytes + q, v128.sub<f64>(riseOn, riseOnBefore))
  }
}
