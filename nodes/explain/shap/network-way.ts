import { type Frame, type Model, ProblemError, type RunContext, type Session } from '#contract'
import { expectedGradients } from '#ml/explain/expected-gradients'
import type { Contributions } from '#ml/explain/linear-shap'
import { type Matrix, matrix } from '#ml/matrix'
import { embeddedColumns } from '#ml/neural/embedded-columns'
import { layoutOf } from '#ml/neural/forward'
import { slopeGraph } from '#ml/neural/slope-graph'
import { encodeRows, type ReadNetwork, readNetwork } from '../../optimise/read-network.ts'
import type { Way, WayPlan } from './way.ts'

const linkOf = ({ loss, trained }: ReadNetwork, { purpose }: Model) => {
  if (loss.kind === 'squared' || loss.kind === 'huber') return 'identity'
  if (loss.kind !== 'binary') return purpose === 'binary' ? 'logistic' : 'softmax'
  return layoutOf(trained.network).outputs[0] === 1 ? 'logistic' : undefined
}

const contrasts = (pairs: Float64Array) =>
  Float64Array.from({ length: pairs.length / 2 }, (_, row) => pairs[2 * row + 1]! - pairs[2 * row]!)

/** Rows of a session's graph, and numbers at most, so that big pictures fit. */
const [rowsAtOnce, cellsAtOnce] = [512, 1 << 21]

/**
 * Expected gradients of a network's margins through its own graph, from every background row. `players` names what each
 * prepared number belongs to; the vectors of a column's levels are one player with it. Of two classes the margin of the
 * second less that of the first is explained, which is its log-odds.
 */
export async function networkWay(
  model: Model,
  players: (width: number) => readonly string[],
  background: Frame,
  { points }: WayPlan,
  context: RunContext,
): Promise<Way> {
  const read = await readNetwork(model, context)
  const embedded = embeddedColumns(read.trained)
  const link = linkOf(read, model)
  if (!embedded || !link)
    throw new ProblemError({
      code: 'not-supported',
      message: 'The network has no slope by its input.',
      path: ['inputs', 'model'],
      fix: 'Choose the method permutation',
    })
  const { rest, columns, embed } = embedded
  const { center = 0, scale = 1 } = read.output ?? {}
  const inputs = rest.network.inputs
  const given = layoutOf(rest.network).outputs[0]!
  const contrast = link === 'logistic' && given === 2
  const margins = contrast ? 1 : given
  const names = players(columns.reduce((most, column) => Math.max(most, column + 1), 0))
  const sources = Array.from(columns, (column) => names[column]!)
  const widen = (frame: Frame): Matrix => {
    const values = embed(Float64Array.from(encodeRows(read.input, frame)))
    return matrix(frame.rows, values.length / Math.max(1, frame.rows), values)
  }
  const others = widen(background)
  const each = Math.max(1, Math.min(rowsAtOnce, Math.floor(cellsAtOnce / others.columns)))
  const open = await context.kernels.sessions()

  /** Margins and slopes of rows, a part at a time. */
  async function pass(session: Session, rows: Matrix) {
    const found = { margins: new Float64Array(rows.rows * margins), slopes: new Float64Array(rows.values.length) }
    for (let from = 0; from < rows.rows; from += each) {
      context.signal.throwIfAborted()
      const count = Math.min(each, rows.rows - from)
      const values = new Float32Array(each * rows.columns)
      values.set(rows.values.subarray(from * rows.columns, (from + count) * rows.columns))
      const result = await session.run({ x: { type: 'float', shape: [each, ...inputs], values } })
      const own = Float64Array.from(result['margins']!.values as Float32Array, scaled)
      found.margins.set((contrast ? contrasts(own) : own).subarray(0, count * margins), from * margins)
      const slopes = (result['slopes']!.values as Float32Array).subarray(0, count * rows.columns)
      found.slopes.set(
        Float64Array.from(slopes, (slope) => slope * scale),
        from * rows.columns,
      )
    }
    return found
  }
  const scaled = (margin: number) => center + scale * margin

  async function explainMargin(x: Matrix, margin: number, onProgress: (fraction: number) => void) {
    const session = await open(contrast ? slopeGraph(rest, each, 1, 0) : slopeGraph(rest, each, margin))
    try {
      const score = async (rows: Matrix) =>
        (await pass(session, rows)).margins.filter((_, at) => at % margins === margin)
      const slope = async (rows: Matrix) => (await pass(session, rows)).slopes
      const own = await expectedGradients(score, slope, x, others, sources, { points, onProgress })
      return { own, margins: (await pass(session, x)).margins }
    } finally {
      await session.release()
    }
  }

  return {
    link,
    margins,
    background: others.rows,
    drawn: `${points} points on the way from each`,
    async explain(frame, wanted, onProgress) {
      const x = widen(frame)
      const outputs: Contributions[] = []
      let all = new Float64Array(0)
      for (const [at, margin] of wanted.entries()) {
        const found = await explainMargin(x, margin, (fraction) => onProgress((at + fraction) / wanted.length))
        outputs.push(found.own)
        all = found.margins
      }
      return { outputs, margins: all }
    },
  }
}
