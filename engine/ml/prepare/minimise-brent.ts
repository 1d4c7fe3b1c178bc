/**
 * Minimum of a function of one number between two bounds by golden sections and parabolas (Brent 1973, Algorithms for
 * Minimization without Derivatives, ch. 5), to about the root of the machine's precision.
 */
export function minimiseBrent(of: (x: number) => number, low: number, high: number, tolerance = 1.5e-8): number {
  const golden = (3 - Math.sqrt(5)) / 2
  let [a, b] = [low, high]
  let x = a + golden * (b - a)
  let [w, v] = [x, x]
  let fx = of(x)
  let [fw, fv] = [fx, fx]
  let step = 0
  let last = 0
  for (let round = 0; round < 200; round++) {
    const middle = (a + b) / 2
    const near = tolerance * Math.abs(x) + 1e-12
    if (Math.abs(x - middle) <= 2 * near - (b - a) / 2) break
    const parabola = parabolaStep(x, w, v, fx, fw, fv)
    const before = last
    last = step
    if (Math.abs(before) > near && Math.abs(parabola) < Math.abs(before / 2) && x + parabola > a && x + parabola < b)
      step = parabola
    else {
      last = x < middle ? b - x : a - x
      step = golden * last
    }
    const u = x + (Math.abs(step) >= near ? step : Math.sign(step || 1) * near)
    const fu = of(u)
    if (fu <= fx) {
      if (u < x) b = x
      else a = x
      ;[v, w, x] = [w, x, u]
      ;[fv, fw, fx] = [fw, fx, fu]
    } else {
      if (u < x) a = u
      else b = u
      if (fu <= fw || w === x) {
        ;[v, w] = [w, u]
        ;[fv, fw] = [fw, fu]
      } else if (fu <= fv || v === x || v === w) {
        v = u
        fv = fu
      }
    }
  }
  return x
}

/** From x to the lowest point of the parabola through three points; infinite where they lie on a line. */
function parabolaStep(x: number, w: number, v: number, fx: number, fw: number, fv: number): number {
  const r = (x - w) * (fx - fv)
  const q = (x - v) * (fx - fw)
  const below = 2 * (q - r)
  return below === 0 ? Number.POSITIVE_INFINITY : -((x - v) * q - (x - w) * r) / below
}
