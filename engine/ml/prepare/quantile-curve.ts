import type { Graph } from '../onnx/graph-builder.ts'
import { normalQuantile, normalQuantileParts } from '../statistics/normal.ts'

/**
 * A value becomes its place among the training values, 0 to 1, or the normal quantile of it, as scikit-learn's
 * QuantileTransformer with 1,000 quantiles: straight lines between them, the middle of its places for a value that fills
 * several quantiles, 0 and 1 at and beyond the ends. Fitted on all training rows, where scikit-learn draws 10,000.
 */
export interface QuantileCurve {
  readonly kind: 'quantile'
  readonly normal: boolean
  /** Distinct quantiles upwards, with the lowest and highest place of each. */
  readonly knots: readonly number[]
  readonly low: readonly number[]
  readonly high: readonly number[]
}

const mostQuantiles = 1_000
/** Places at the ends of a normal curve, 5.2 deviations out. */
const edge = 1e-7 - Number.EPSILON

/** Sorted values between positions, exact at whole ones so that equal values stay equal; 0 instead of -0. */
function valueAt(sorted: Float64Array, position: number): number {
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.ceil(position)]!
  return Math.min(high, low + (high - low) * (position - below)) + 0
}

export function fitQuantileCurve(values: Float64Array, normal: boolean): QuantileCurve {
  const sorted = values.slice().sort()
  const count = Math.min(mostQuantiles, sorted.length)
  const knots: number[] = []
  const low: number[] = []
  const high: number[] = []
  for (let i = 0; i < count; i++) {
    const place = count === 1 ? 0 : i / (count - 1)
    const value = valueAt(sorted, count === 1 ? 0 : (i * (sorted.length - 1)) / (count - 1))
    if (value === knots.at(-1)) high[high.length - 1] = place
    else {
      knots.push(value)
      low.push(place)
      high.push(place)
    }
  }
  return { kind: 'quantile', normal, knots, low, high }
}

/**
 * The curve as pieces upwards: piece i ends at `edges[i]`, which belongs to it where `closed[i]`; the last one has no end.
 * On it the place is base + slope (x - start).
 */
interface Pieces {
  readonly edges: number[]
  readonly closed: boolean[]
  readonly start: number[]
  readonly base: number[]
  readonly slope: number[]
}

function piecesOf({ knots, low, high }: QuantileCurve): Pieces {
  const pieces: Pieces = { edges: [], closed: [], start: [], base: [], slope: [] }
  const add = (start: number, base: number, slope: number, end?: number, closed = true) => {
    pieces.start.push(start)
    pieces.base.push(base)
    pieces.slope.push(Number.isFinite(slope) ? slope : 0)
    if (end === undefined) return
    pieces.edges.push(end)
    pieces.closed.push(closed)
  }
  const last = knots.length - 1
  add(0, 0, 0, knots[0]!)
  for (let i = 1; i <= last; i++) {
    const [from, to] = [knots[i - 1]!, knots[i]!]
    const tied = low[i]! !== high[i]! || i === last
    add(from, high[i - 1]!, (low[i]! - high[i - 1]!) / (to - from), to, !tied)
    if (tied && i < last) add(to, (low[i]! + high[i]!) / 2, 0, to)
  }
  add(0, 1, 0)
  return pieces
}

/** The number of the piece that holds x. */
function pieceAt({ edges, closed }: Pieces, x: number): number {
  let [from, to] = [0, edges.length]
  while (from < to) {
    const middle = (from + to) >> 1
    const before = closed[middle] ? x <= edges[middle]! : x < edges[middle]!
    if (before) to = middle
    else from = middle + 1
  }
  return from
}

/** The curve as a function of a finite number. */
export function quantileValue(curve: QuantileCurve): (x: number) => number {
  const pieces = piecesOf(curve)
  const { start, base, slope } = pieces
  return (x) => {
    const at = pieceAt(pieces, x)
    const place = slope[at] === 0 ? base[at]! : base[at]! + slope[at]! * (x - start[at]!)
    return curve.normal ? normalQuantile(Math.min(1 - edge, Math.max(edge, place))) : place
  }
}

/** Binary search for the piece as one decision tree: the piece's number as int64 `[N, 1]`. */
function emitPieceAt(graph: Graph, x: string, { edges, closed }: Pieces): string {
  const modes = Uint8Array.from(edges, (_, edge) => (closed[edge] ? 0 : 1))
  const children = { true: [] as number[], false: [] as number[], trueLeaf: [] as number[], falseLeaf: [] as number[] }
  const order: number[] = []
  const grow = (from: number, to: number): number => {
    const own = order.push((from + to) >> 1) - 1
    const edge = order[own]!
    children.trueLeaf[own] = from === edge ? 1 : 0
    children.falseLeaf[own] = edge + 1 === to ? 1 : 0
    children.true[own] = from === edge ? edge : grow(from, edge)
    children.false[own] = edge + 1 === to ? edge + 1 : grow(edge + 1, to)
    return own
  }
  grow(0, edges.length)
  const vector = (values: Float64Array) => ({
    tensor: { type: 'double', dimensions: [values.length], values } as const,
  })
  const [place] = graph.node(
    'TreeEnsemble',
    [x],
    {
      aggregate_function: { int: 1 },
      n_targets: { int: 1 },
      post_transform: { int: 0 },
      tree_roots: { ints: [0] },
      nodes_featureids: { ints: order.map(() => 0) },
      nodes_modes: {
        tensor: { type: 'uint8', dimensions: [order.length], values: modes.map((_, i) => modes[order[i]!]!) },
      },
      nodes_splits: vector(Float64Array.from(order, (edge) => edges[edge]!)),
      nodes_truenodeids: { ints: children.true },
      nodes_falsenodeids: { ints: children.false },
      nodes_trueleafs: { ints: children.trueLeaf },
      nodes_falseleafs: { ints: children.falseLeaf },
      leaf_targetids: { ints: [...edges, 0].map(() => 0) },
      leaf_weights: vector(Float64Array.from([...edges, 0].keys())),
    },
    { domain: 'ai.onnx.ml' },
  )
  return graph.apply('Cast', [place!], { to: { int: 7 } })
}

/** `[N, 1]` to `[N, 1]`. */
export function emitQuantileCurve(graph: Graph, x: string, curve: QuantileCurve): string {
  const pieces = piecesOf(curve)
  const at = emitPieceAt(graph, x, pieces)
  const taken = (values: readonly number[]) =>
    graph.apply('Gather', [graph.constant('double', [values.length], Float64Array.from(values)), at])
  // Values far away on a flat piece would make 0 · ∞.
  const slope = taken(pieces.slope)
  const flat = graph.apply('Equal', [slope, graph.number(0)])
  const run = graph.apply('Where', [flat, graph.number(0), graph.apply('Sub', [x, taken(pieces.start)])])
  const place = graph.apply('Add', [taken(pieces.base), graph.apply('Mul', [slope, run])])
  return curve.normal ? emitNormalQuantile(graph, place) : place
}

/** Φ⁻¹ of places, kept within 5.2 deviations: the two central parts of `normalQuantile`. */
function emitNormalQuantile(graph: Graph, place: string): string {
  const n = graph.number
  const p = graph.apply('Min', [graph.apply('Max', [place, n(edge)]), n(1 - edge)])
  const polynomial = (coefficients: readonly number[], x: string) =>
    coefficients
      .slice(0, -1)
      .reduceRight((sum, c) => graph.apply('Add', [graph.apply('Mul', [sum, x]), n(c)]), n(coefficients.at(-1)!))
  const rational = ({ top, bottom }: (typeof normalQuantileParts)['central'], x: string) =>
    graph.apply('Div', [polynomial(top, x), polynomial(bottom, x)])
  const q = graph.apply('Sub', [p, n(0.5)])
  const inside = graph.apply('Sub', [n(0.180625), graph.apply('Mul', [q, q])])
  const central = graph.apply('Mul', [q, rational(normalQuantileParts.central, inside)])
  const tail = graph.apply('Min', [p, graph.apply('Sub', [n(1), p])])
  const root = graph.apply('Sqrt', [graph.apply('Neg', [graph.apply('Log', [tail])])])
  const far = rational(normalQuantileParts.middle, graph.apply('Sub', [root, n(1.6)]))
  const signed = graph.apply('Mul', [far, graph.apply('Sign', [q])])
  const near = graph.apply('LessOrEqual', [graph.apply('Abs', [q]), n(0.425)])
  return graph.apply('Where', [near, central, signed])
}
