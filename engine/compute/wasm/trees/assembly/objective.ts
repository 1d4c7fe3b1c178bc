import {
  allRows, barrier, control, gradientScale, gradients, hessianScale, hessians, labels, objective, ownBegin, ownCount, rowOrder, scores, setScales, thread, threads, weights,
} from './state'

export const SQUARED: i32 = 0
export const LOGISTIC: i32 = 1
export const POISSON: i32 = 2
/** The host writes gradients (in place of labels) and hessians before each tree. */
export const EXTERNAL: i32 = 3

/** exp of two doubles, relative error about 1e-10 on [-40, 40]: degree-8 Taylor after reduction by ln 2. */
// @ts-expect-error: AssemblyScript decorator
@inline
function exp2(value: v128): v128 {
  const x = f64x2.max(f64x2.min(value, f64x2.splat(40)), f64x2.splat(-40))
  const n = f64x2.nearest(f64x2.mul(x, f64x2.splat(1.4426950408889634)))
  const r = f64x2.sub(x, f64x2.mul(n, f64x2.splat(0.6931471805599453)))
  let p = f64x2.splat(1.0 / 40320)
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 5040))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 720))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 120))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 24))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1.0 / 6))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1))
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1))
  const e = i64x2.shl(i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(n)), i64x2.splat(1023)), 52)
  return f64x2.mul(p, e)
}

// @ts-expect-error: AssemblyScript decorator
@inline
function pair(base: usize, a: usize, b: usize): v128 {
  return v128.load64_lane(base + (b << 3), v128.load64_zero(base + (a << 3)), 1)
}

/** Gradients and hessians of two rows of the current objective, times their weights. */
let g: v128 = f64x2.splat(0)
let h: v128 = f64x2.splat(0)

// @ts-expect-error: AssemblyScript decorator
@inline
function derive(margin: v128, a: usize, b: usize): void {
  if (objective == EXTERNAL) {
    g = pair(labels, a, b)
    h = pair(hessians, a, b)
    return
  }
  const one = f64x2.splat(1)
  const label = pair(labels, a, b)
  if (objective == LOGISTIC) {
    const p = f64x2.div(one, f64x2.add(one, exp2(f64x2.neg(margin))))
    g = f64x2.sub(p, label)
    h = f64x2.mul(p, f64x2.sub(one, p))
  } else if (objective == POISSON) {
    h = exp2(margin)
    g = f64x2.sub(h, label)
  } else {
    g = f64x2.sub(margin, label)
    h = one
  }
  if (!weights) return
  const w = f64x2.replace_lane(f64x2.splat(<f64>load<f32>(weights + (a << 2))), 1, <f64>load<f32>(weights + (b << 2)))
  g = f64x2.mul(g, w)
  h = f64x2.mul(h, w)
}

// @ts-expect-error: AssemblyScript decorator
@inline
function pack(a: usize, b: usize): void {
  const gi = i32x4.trunc_sat_f64x2_s_zero(f64x2.nearest(f64x2.mul(g, f64x2.splat(gradientScale))))
  const hi = i32x4.trunc_sat_f64x2_u_zero(f64x2.nearest(f64x2.mul(h, f64x2.splat(hessianScale))))
  const packed = v128.shuffle<i32>(hi, gi, 0, 4, 1, 5)
  v128.store64_lane(gradients + (a << 3), packed, 0)
  v128.store64_lane(gradients + (b << 3), packed, 1)
}

/** Adds `step` to the margins of these rows. Logistic gradients are bounded, so they are packed at once. */
export function advanceRows(begin: i32, count: i32, step: f64): void {
  const fused = objective == LOGISTIC && !weights
  let place = rowOrder + (<usize>begin << 2)
  const end = place + (<usize>count << 2)
  const add = f64x2.splat(step)
  for (; place < end; place += 8) {
    const a = <usize>load<u32>(place)
    const b = place + 4 < end ? <usize>load<u32>(place, 4) : a
    const margin = f64x2.add(pair(scores, a, b), add)
    v128.store64_lane(scores + (a << 3), margin, 0)
    v128.store64_lane(scores + (b << 3), margin, 1)
    if (!fused) continue
    derive(margin, a, b)
    pack(a, b)
  }
}

// @ts-expect-error: AssemblyScript decorator
@inline
function largest(values: v128): f64 {
  return max<f64>(f64x2.extract_lane(values, 0), f64x2.extract_lane(values, 1))
}

/**
 * Packs the gradients of all own rows on the finest power-of-two scale on which no sum can overflow. The scale follows
 * from the largest gradient, and a maximum doesn't depend on the order, so neither does the model.
 */
export function packGradients(): void {
  if (objective == LOGISTIC && !weights) return
  const end = rowOrder + (<usize>(ownBegin + ownCount) << 2)
  let most = f64x2.splat(0)
  let mostHessian = f64x2.splat(0)
  for (let place = rowOrder + (<usize>ownBegin << 2); place < end; place += 8) {
    const a = <usize>load<u32>(place)
    const b = place + 4 < end ? <usize>load<u32>(place, 4) : a
    derive(pair(scores, a, b), a, b)
    most = f64x2.max(most, f64x2.abs(g))
    mostHessian = f64x2.max(mostHessian, h)
  }
  const record = control + 768 + (<usize>thread << 4)
  store<f64>(record, largest(most))
  store<f64>(record, largest(mostHessian), 8)
  barrier()
  let gradient = 1e-300
  let hessian = 1e-300
  for (let t = 0; t < threads; t++) {
    const other = control + 768 + (<usize>t << 4)
    gradient = max<f64>(gradient, load<f64>(other))
    hessian = max<f64>(hessian, load<f64>(other, 8))
  }
  setScales(fitScale(2147483647, gradient), fitScale(4294967295, hessian))
  for (let place = rowOrder + (<usize>ownBegin << 2); place < end; place += 8) {
    const a = <usize>load<u32>(place)
    const b = place + 4 < end ? <usize>load<u32>(place, 4) : a
    derive(pair(scores, a, b), a, b)
    pack(a, b)
  }
}

/** Largest power of two by which `most` may be multiplied so that the sum over all rows, each rounded up, stays below `limit`. */
function fitScale(limit: f64, most: f64): f64 {
  const room = limit / <f64>allRows - 1
  let scale: f64 = 1
  while (most * scale > room) scale *= 0.5
  while (most * scale * 2 <= room && scale < 1e300) scale *= 2
  return scale
}

/** First gradients: packs those of the starting margins. */
export function prime(): void {
  advanceRows(ownBegin, ownCount, 0)
  barrier()
}
