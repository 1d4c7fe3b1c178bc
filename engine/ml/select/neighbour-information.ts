import { nearestOthers, neighbourTree, withinRadius } from '../cluster/neighbour-tree.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { sortedOrder } from '../statistics/ranks.ts'
import { digamma, digammas } from './digamma.ts'

/**
 * Mutual information with numbers from nearest neighbours, in nats, never below 0.
 *
 * Ties. Both estimators count the rows nearer than the k-th neighbour, which is not defined where several rows lie at
 * that distance. scikit-learn adds random noise of 1e-10 standard deviations, so that its result is a random number.
 * Here distances within that size of each other are ties, and the counts are those that breaking them by chance gives
 * on average. Without ties both are the published estimators; no seed, no row order.
 */
const tie = 1e-10

/**
 * A class and a number (Ross 2014, doi 10.1371/journal.pone.0087357): I = ψ(N) + <ψ(k)> - <ψ(N_x)> - <ψ(m)>, where m
 * counts all rows nearer than the k-th neighbour of the same class, the row included. Classes of one row are left out,
 * small classes use the neighbours they have, as in scikit-learn. No cell is missing; codes run from 0.
 */
export function mixedInformation(values: Float64Array, codes: Int32Array, neighbours = 3): number {
  let classes = 0
  for (let i = 0; i < codes.length; i++) classes = Math.max(classes, codes[i]! + 1)
  const counts = new Float64Array(classes)
  for (let i = 0; i < codes.length; i++) counts[codes[i]!]! += 1
  const order = sortedOrder(values).filter((row) => counts[codes[row]!]! > 1)
  const n = order.length
  if (n === 0) return 0
  const sorted = Float64Array.from(order, (row) => values[row]!)
  const places = Array.from(counts, (count) => new Uint32Array(count > 1 ? count : 0))
  const filled = new Uint32Array(classes)
  for (let place = 0; place < n; place++) {
    const code = codes[order[place]!]!
    places[code]![filled[code]!++] = place
  }
  const psi = digammas(n)
  const slack = tie * deviationOf(values)
  let sum = 0
  for (const own of places)
    if (own.length > 0) sum += classTerms(sorted, own, Math.min(neighbours, own.length - 1), psi, slack)
  return Math.max(0, psi[n]! + sum / n)
}

/** Σ ψ(k) - ψ(N_x) - ψ(m) over the rows of one class, given by their places in all sorted values. */
function classTerms(sorted: Float64Array, places: Uint32Array, k: number, psi: Float64Array, slack: number): number {
  const count = places.length
  const own = Float64Array.from(places, (place) => sorted[place]!)
  const expected = new ExpectedDigamma(psi)
  let sum = count * (psi[k]! - psi[count]!)
  for (let i = 0; i < count; i++) {
    const place = places[i]!
    const radius = kthDistance(own, i, k)
    const inner = countWithin(sorted, place, radius - slack)
    const edge = countWithin(sorted, place, radius + slack) - inner
    if (edge === 1) {
      sum -= psi[inner]!
      continue
    }
    const ownInner = countWithin(own, i, radius - slack)
    const candidates = countWithin(own, i, radius + slack) - ownInner
    const wanted = k - (ownInner - 1)
    sum -= expected.digamma(inner + wanted - 1, wanted, candidates, edge - candidates)
  }
  return sum
}

/** Rows of equal value ask the same again: the last answer is kept. */
class ExpectedDigamma {
  readonly #psi: Float64Array
  #asked = [0, 0, 0, 0]
  #answer = Number.NaN

  constructor(psi: Float64Array) {
    this.#psi = psi
  }

  digamma(base: number, wanted: number, candidates: number, others: number): number {
    const [a, b, c, d] = this.#asked
    if (a === base && b === wanted && c === candidates && d === others) return this.#answer
    this.#asked = [base, wanted, candidates, others]
    this.#answer = this.#expect(base, wanted, candidates, others)
    return this.#answer
  }

  /**
   * E ψ(base + X), where X of the others come before the wanted-th of the candidates in a random order of both: the
   * negative hypergeometric distribution.
   */
  #expect(base: number, wanted: number, candidates: number, others: number): number {
    let share = 1
    for (let i = 0; i < wanted; i++) share *= (candidates - i) / (others + candidates - i)
    let sum = 0
    for (let x = 0; x <= others; x++) {
      sum += share * this.#psi[base + x]!
      share *= ((x + wanted) / (x + 1)) * ((others - x) / (others - x + candidates - wanted))
    }
    return sum
  }
}

/** Distance from place i of sorted values to its k-th nearest other: the shortest window of k + 1 values around it. */
function kthDistance(sorted: Float64Array, i: number, k: number): number {
  const value = sorted[i]!
  let best = Number.POSITIVE_INFINITY
  for (let from = Math.max(0, i - k); from <= i && from + k < sorted.length; from++) {
    const reach = Math.max(value - sorted[from]!, sorted[from + k]! - value)
    if (reach < best) best = reach
  }
  return best
}

/** How many sorted values lie within `radius` of that at `place`, itself always counted; doubling steps, then halving. */
function countWithin(sorted: Float64Array, place: number, radius: number): number {
  const value = sorted[place]!
  let inside = 1
  let most = sorted.length - 1 - place
  let reach = 0
  let step = 1
  for (; reach + step <= most && sorted[place + reach + step]! - value <= radius; step *= 2) reach += step
  for (; step >= 1; step >>= 1)
    if (reach + step <= most && sorted[place + reach + step]! - value <= radius) reach += step
  inside += reach
  most = place
  reach = 0
  step = 1
  for (; reach + step <= most && value - sorted[place - reach - step]! <= radius; step *= 2) reach += step
  for (; step >= 1; step >>= 1)
    if (reach + step <= most && value - sorted[place - reach - step]! <= radius) reach += step
  return inside + reach
}

/**
 * Two numbers (Kraskov, Stögbauer & Grassberger 2004, doi 10.1103/PhysRevE.69.066138, first estimator):
 * I = ψ(N) + ψ(k) - <ψ(n_x + 1) + ψ(n_y + 1)>, on both divided by their standard deviations, with n_x and n_y the rows
 * nearer in x and in y than the k-th neighbour in the larger of both gaps. Rows that coincide with k others or more use
 * all their counts, ψ(n_xy) for ψ(k) (as Gao et al. 2017 do, "Estimating mutual information for discrete-continuous
 * mixtures"). No cell is missing; a constant column gives 0.
 */
export function numberInformation(x: Float64Array, y: Float64Array, neighbours = 3): number {
  const n = x.length
  const k = Math.min(neighbours, n - 1)
  const [deviationX, deviationY] = [deviationOf(x), deviationOf(y)]
  if (k < 1 || deviationX === 0 || deviationY === 0) return 0
  const points = matrix(n, 2)
  for (let i = 0; i < n; i++) {
    points.values[2 * i] = x[i]! / deviationX
    points.values[2 * i + 1] = y[i]! / deviationY
  }
  const tree = neighbourTree(points)
  const { distances } = nearestOthers(tree, k, 'chebyshev')
  const radii = new Float64Array(n)
  for (let i = 0; i < n; i++) radii[i] = distances[i * k + k - 1]!
  const margins = [marginCounts(points, 0, radii), marginCounts(points, 1, radii)] as const
  const psi = digammas(n)
  let sum = 0
  for (let i = 0; i < n; i++) {
    const [a, b] = [margins[0].inner[i]!, margins[1].inner[i]!]
    if (margins[0].outer[i]! - a + margins[1].outer[i]! - b === 1) sum += psi[k]! - psi[a]! - psi[b]!
    else sum += tiedTerm(i)
  }
  return Math.max(0, psi[n]! + sum / n)

  function tiedTerm(i: number): number {
    const square = squareCounts(i)
    const counts = margins.map(({ inner, outer }, side) => {
      const edge = outer[i]! - inner[i]!
      if (radii[i]! <= tie) return psi[outer[i]!]!
      const wanted = k - square.inner
      const inSquare = square.onEdge[side]!
      const before = (inSquare * (wanted - 1)) / square.candidates
      return digamma(inner[i]! + before + ((edge - inSquare) * wanted) / (square.candidates + 1))
    })
    return (radii[i]! <= tie ? psi[square.candidates + 1]! : psi[k]!) - counts[0]! - counts[1]!
  }

  function squareCounts(i: number) {
    const radius = radii[i]!
    const onEdge = [0, 0]
    let inner = 0
    let candidates = -(radius <= tie ? 1 : 0)
    withinRadius(tree, points.values, 2 * i, radius + tie, 'chebyshev', (row) => {
      const gapX = Math.abs(points.values[2 * row]! - points.values[2 * i]!)
      const gapY = Math.abs(points.values[2 * row + 1]! - points.values[2 * i + 1]!)
      if (Math.max(gapX, gapY) <= radius - tie) inner += row === i ? 0 : 1
      else {
        candidates++
        if (gapX > radius - tie) onEdge[0]! += 1
        if (gapY > radius - tie) onEdge[1]! += 1
      }
    })
    return { inner, candidates, onEdge }
  }
}

interface MarginCounts {
  /** Rows nearer than the radius in one coordinate, the row itself included. */
  readonly inner: Uint32Array
  /** The same with those at the radius. */
  readonly outer: Uint32Array
}

function marginCounts(points: Matrix, side: number, radii: Float64Array): MarginCounts {
  const n = points.rows
  const values = Float64Array.from({ length: n }, (_, i) => points.values[2 * i + side]!)
  const order = sortedOrder(values)
  const sorted = Float64Array.from(order, (row) => values[row]!)
  const inner = new Uint32Array(n)
  const outer = new Uint32Array(n)
  for (let place = 0; place < n; place++) {
    const row = order[place]!
    inner[row] = countWithin(sorted, place, radii[row]! - tie)
    outer[row] = countWithin(sorted, place, radii[row]! + tie)
  }
  return { inner, outer }
}

/** Population standard deviation, exactly 0 for a constant column. */
function deviationOf(values: Float64Array): number {
  let sum = 0
  let varied = false
  for (let i = 0; i < values.length; i++) {
    sum += values[i]!
    if (values[i] !== values[0]) varied = true
  }
  if (!varied) return 0
  const mean = sum / values.length
  let squares = 0
  for (let i = 0; i < values.length; i++) squares += (values[i]! - mean) ** 2
  return Math.sqrt(squares / values.length)
}
