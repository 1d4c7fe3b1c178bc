export { distinctMasks } from './masks'
export { quadratureLevelBytes, walkQuadrature } from './quadrature'
export { scoreTree } from './score'

// Shapley values of trees by tables over leaf masks. A leaf with d distinct features on its path gives a row a d-bit mask:
// which of those features the row satisfies. What the leaf contributes depends on the mask alone, so table[leaf][mask] is
// filled when a mask is first met. The same walk serves path-dependent and interventional values.
//
// Node record, 40 bytes, preorder (the left child is the next node): is right child i32, feature i32 @4 (~leaf for leaves),
// threshold f64 @8, missing left i32 @16, right child i32 @20, bit of the feature on the path u64 @24, first on the path i32 @32.
// Leaf record, 64 bytes: d i32, phi offsets u32 @4, cover shares f64[d] u32 @8, value f64 @16, table u32 @24 (0: none),
// filled flags u32 @28, background masks i32 @36, their u64 list u32 @40, their f64 shares u32 @44.
const LEAF_BYTES: usize = 64
const NODE_BYTES: usize = 40
/** (a-1)! b! / (a+b)! for a, b up to 64. */
let pairWeights: usize = 0
const WIDTH: i32 = 65
/** Scratch of 128 doubles. */
let scratch: usize = 0

export function setScratch(weights: usize, room: usize): void {
  pairWeights = weights
  scratch = room
  for (let a = 1; a < WIDTH; a++) {
    let value = 1.0 / <f64>a
    for (let b = 0; b < WIDTH; b++) {
      if (b > 0) value = (value * <f64>b) / <f64>(a + b)
      store<f64>(pairWeights + <usize>(a * WIDTH + b) * 8, value)
    }
  }
}

/** 1 / n from the first column of the pair weights, or for n = 65 itself. */
// @ts-ignore: AssemblyScript decorator
@inline
function inverseOf(n: i32): f64 {
  return n < WIDTH ? load<f64>(pairWeights + <usize>(n * WIDTH) * 8) : 1.0 / <f64>n
}

/** Lundberg et al. 2018 (arXiv 1802.03888), Algorithm 2: EXTEND over all features of the path, then the sum of UNWIND for each. */
function fillPathDependent(leaf: usize, mask: u64, out: usize): void {
  const d = load<i32>(leaf)
  const shares = <usize>load<u32>(leaf, 8)
  const value = load<f64>(leaf, 16)
  store<f64>(scratch, 1.0)
  for (let k = 0; k < d; k++) {
    const share = load<f64>(shares + (<usize>k << 3))
    const one = <f64>((mask >> k) & 1)
    const length = k + 1
    const inverse = inverseOf(length + 1)
    store<f64>(scratch + (<usize>length << 3), 0)
    for (let i = length - 1; i >= 0; i--) {
      const at = scratch + (<usize>i << 3)
      const weight = load<f64>(at)
      store<f64>(at, load<f64>(at, 8) + one * weight * <f64>(i + 1) * inverse, 8)
      store<f64>(at, share * weight * <f64>(length - i) * inverse)
    }
  }
  for (let k = 0; k < d; k++) {
    const share = load<f64>(shares + (<usize>k << 3))
    const on = (mask >> k) & 1
    let total = 0.0
    if (on) {
      let next = load<f64>(scratch + (<usize>d << 3))
      for (let j = d - 1; j >= 0; j--) {
        const t = next * inverseOf(j + 1)
        total += t
        next = load<f64>(scratch + (<usize>j << 3)) - t * share * <f64>(d - j)
      }
    } else {
      for (let j = d - 1; j >= 0; j--) total += load<f64>(scratch + (<usize>j << 3)) * inverseOf(d - j)
      total /= share
    }
    store<f64>(out + (<usize>k << 3), total * <f64>(d + 1) * (<f64>on - share) * value)
  }
}

/** Interventional values over the distinct masks of the background at this leaf. */
function fillInterventional(leaf: usize, mask: u64, out: usize): void {
  const d = load<i32>(leaf)
  const full: u64 = d == 64 ? u64.MAX_VALUE : ((<u64>1) << d) - 1
  const value = load<f64>(leaf, 16)
  const masks = <usize>load<u32>(leaf, 40)
  const shares = <usize>load<u32>(leaf, 44)
  memory.fill(out, 0, <usize>d << 3)
  for (let r = 0, count = load<i32>(leaf, 36); r < count; r++) {
    const other = load<u64>(masks + (<usize>r << 3))
    if ((other | mask) != full) continue
    const gains = mask & ~other
    const losses = other & ~mask
    const a = <i32>popcnt<u64>(gains)
    const b = <i32>popcnt<u64>(losses)
    const weight = load<f64>(shares + (<usize>r << 3)) * value
    const up = load<f64>(pairWeights + <usize>(a * WIDTH + b) * 8) * weight
    const down = load<f64>(pairWeights + <usize>(b * WIDTH + a) * 8) * weight
    for (let k = 0; k < d; k++) {
      const p = out + (<usize>k << 3)
      if ((gains >> k) & 1) store<f64>(p, load<f64>(p) + up)
      else if ((losses >> k) & 1) store<f64>(p, load<f64>(p) - down)
    }
  }
}

/** What a leaf contributes at a mask: from its table, filled on first use, or computed when it has none. */
// @ts-ignore: AssemblyScript decorator
@inline
function contributions(leaf: usize, mask: u64, mode: i32): usize {
  const table = <usize>load<u32>(leaf, 24)
  let out = scratch + 1024
  if (table) {
    out = table + <usize>mask * <usize>load<i32>(leaf) * 8
    const flag = <usize>load<u32>(leaf, 28) + <usize>mask
    if (load<u8>(flag)) return out
    store<u8>(flag, 1)
  }
  if (mode == 0) fillPathDependent(leaf, mask, out)
  else fillInterventional(leaf, mask, out)
  return out
}

/**
 * Walks one tree for rows [from, to) of row-major f64 x and adds to row-major f64 phi (features + 1 a row).
 * Mode 0 path-dependent, 1 interventional, 2 only writes each leaf's masks (leaf-major u64).
 */
export function walkTree(
  nodes: usize, count: i32, leaves: usize, x: usize, features: i32, from: i32, to: i32, phi: usize, mode: i32, maskOut: usize, pending: usize,
): void {
  const rows = to - from
  for (let r = from; r < to; r++) {
    const row = x + <usize>r * <usize>features * 8
    const own = phi + <usize>r * <usize>(features + 1) * 8
    let mask: u64 = 0
    for (let j = 0; j < count; j++) {
      const node = nodes + <usize>j * NODE_BYTES
      if (load<i32>(node)) mask = load<u64>(pending + (<usize>j << 3))
      const feature = load<i32>(node, 4)
      if (feature >= 0) {
        const value = load<f64>(row + (<usize>feature << 3))
        const goesLeft = value != value ? load<i32>(node, 16) : <i32>(value <= load<f64>(node, 8))
        const bit = load<u64>(node, 24)
        const reached = load<i32>(node, 32) ? mask | bit : mask
        store<u64>(pending + (<usize>load<i32>(node, 20) << 3), goesLeft ? reached & ~bit : reached)
        mask = goesLeft ? reached : reached & ~bit
        continue
      }
      const leaf = leaves + <usize>~feature * LEAF_BYTES
      if (mode == 2) {
        store<u64>(maskOut + (<usize>~feature * <usize>rows + <usize>(r - from)) * 8, mask)
        continue
      }
      const d = load<i32>(leaf)
      if (d == 0) continue
      let from = contributions(leaf, mask, mode)
      let offset = <usize>load<u32>(leaf, 4)
      for (let k = 0; k < d; k++) {
        const p = own + <usize>load<u32>(offset)
        store<f64>(p, load<f64>(p) + load<f64>(from))
        offset += 4
        from += 8
      }
    }
  }
}
