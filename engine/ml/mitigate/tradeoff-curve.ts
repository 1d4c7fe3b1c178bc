/** A rule on a score: favourable above (or below) a threshold. The largest number stands for a threshold none is above. */
export interface ThresholdRule {
  readonly side: 'above' | 'below'
  readonly threshold: number
}

/** Counts of a group's rows under a rule. */
export interface Counts {
  readonly truePositives: number
  readonly falsePositives: number
  readonly positives: number
  readonly negatives: number
}

export interface CurvePoint {
  readonly x: number
  readonly y: number
  readonly rule: ThresholdRule
}

export type Measure = (counts: Counts) => number

/** Between two points of a curve: the first with probability `share`. */
export interface Mixture {
  readonly x: number
  readonly y: number
  readonly share: number
  readonly first: ThresholdRule
  readonly second: ThresholdRule
}

const limit = Number.MAX_VALUE

/** What every threshold midway between neighbouring scores gives, from none above to all above; with `flip` its reverse too. */
export function thresholdPoints(
  scores: Float64Array,
  actual: Uint8Array,
  measures: { readonly x: Measure; readonly y: Measure },
  flip: boolean,
): CurvePoint[] {
  const order = Uint32Array.from(scores.keys()).sort((a, b) => scores[b]! - scores[a]!)
  const positives = actual.reduce((sum, value) => sum + value, 0)
  const negatives = actual.length - positives
  const points: CurvePoint[] = []
  const add = (side: ThresholdRule['side'], threshold: number, tp: number, fp: number) => {
    const counts = { truePositives: tp, falsePositives: fp, positives, negatives }
    points.push({ x: measures.x(counts), y: measures.y(counts), rule: { side, threshold } })
  }
  const addBoth = (threshold: number, tp: number, fp: number) => {
    add('above', threshold, tp, fp)
    if (flip) add('below', threshold, positives - tp, negatives - fp)
  }
  addBoth(limit, 0, 0)
  let [tp, fp] = [0, 0]
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]!]!
    for (; at < order.length && scores[order[at]!] === score; at++) {
      if (actual[order[at]!]) tp++
      else fp++
    }
    addBoth(at < order.length ? (score + scores[order[at]!]!) / 2 : -limit, tp, fp)
  }
  return points
}

/** The points of the upper convex hull, by Andrew's monotone chain (1979, Information Processing Letters 9:216). */
export function upperHull(points: readonly CurvePoint[]): CurvePoint[] {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y)
  const hull: CurvePoint[] = []
  for (const point of sorted) {
    while (hull.length >= 2) {
      const [a, b] = [hull[hull.length - 2]!, hull[hull.length - 1]!]
      if ((b.y - a.y) * (point.x - a.x) > (point.y - a.y) * (b.x - a.x)) break
      hull.pop()
    }
    hull.push(point)
  }
  return hull
}

/** The hull at k / size for k = 0 to size, as mixtures of neighbouring points. */
export function interpolateHull(hull: readonly CurvePoint[], size: number): Mixture[] {
  let next = 1
  return Array.from({ length: size + 1 }, (_, k) => {
    const x = k / size
    while (next < hull.length - 1 && (k === 0 ? hull[next]!.x <= x : hull[next]!.x < x)) next++
    const [a, b] = [hull[next - 1]!, hull[next]!]
    const share = (b.x - x) / (b.x - a.x)
    return { x, y: share * a.y + (1 - share) * b.y, share, first: a.rule, second: b.rule }
  })
}
