import { type Frame, type Model, ProblemError, type RunContext, type Session } from '#contract'
import { expectedGradients } from '#ml/explain/expected-gradients'
import { integratedSlopes } from '#ml/explain/integrated-slopes'
import type { Contributions } from '#ml/explain/linear-shap'
import { cellText, columnOf } from '#ml/frame'
import { type Matrix, matrix } from '#ml/matrix'
import { embeddedColumns } from '#ml/neural/embedded-columns'
import { embeddedWords } from '#ml/neural/embedded-words'
import type { TrainedNetwork } from '#ml/neural/fold-normalization'
import { layoutOf } from '#ml/neural/forward'
import { roundedWeights } from '#ml/neural/rounded-weights'
import { sizeOf } from '#ml/neural/shape'
import { slopeGraph } from '#ml/neural/slope-graph'
import { wordSpans } from '#ml/prepare/text-tokens'
import { encodeRows, type ReadNetwork, readNetwork } from '../../optimise/read-network.ts'
import { addUpPieces, countPieces } from './pieces.ts'
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

/** What a method adds up for one margin. */
interface Passes {
  margin(rows: Matrix): Promise<Float64Array>
  slopes(rows: Matrix): Promise<Float64Array>
}
/** The part of a network that can be differentiated, and rows as it takes them. */
interface Slopes {
  readonly rest: TrainedNetwork
  readonly background: number
  readonly drawn: string
  /** Rows as the rest takes them. */
  widen(frame: Frame): Matrix
  /** What each player pushes one margin, row by row. */
  explain(frame: Frame, passes: Passes, onProgress: (fraction: number) => void): Promise<Contributions>
}

const noSlope = () =>
  new ProblemError({
    code: 'not-supported',
    message: 'The network has no slope by its input.',
    path: ['inputs', 'model'],
    fix: 'Choose the method permutation',
  })

/** The network as the file computes it: of a quantized one the rounded weights, with activations as they are. */
async function readServed(model: Model, context: RunContext): Promise<ReadNetwork> {
  const read = await readNetwork(model, context)
  if (model.learner.type !== 'optimise/quantize') return read
  const { facts } = model.learner.params as unknown as {
    readonly facts: { readonly tried: readonly { readonly fine: readonly number[] }[] }
  }
  return { ...read, trained: roundedWeights(read.trained, new Set(facts.tried.at(-1)!.fine)) }
}

/** Numbers, levels and pixels against background rows; the vectors of a column's levels are one player with it. */
function columnSlopes(
  { trained, input }: ReadNetwork,
  players: (width: number) => readonly string[],
  background: Frame,
  { points }: WayPlan,
): Slopes | undefined {
  const embedded = embeddedColumns(trained)
  if (!embedded) return undefined
  const { rest, columns, embed } = embedded
  const names = players(columns.reduce((most, column) => Math.max(most, column + 1), 0))
  const sources = Array.from(columns, (column) => names[column]!)
  const widen = (frame: Frame): Matrix => {
    const values = embed(Float64Array.from(encodeRows(input, frame)))
    return matrix(frame.rows, values.length / Math.max(1, frame.rows), values)
  }
  const others = widen(background)
  return {
    rest,
    background: others.rows,
    drawn: `${points} points on the way from each`,
    widen,
    explain: (frame, { margin, slopes }, onProgress) =>
      expectedGradients(margin, slopes, widen(frame), others, sources, { points, onProgress }),
  }
}

/** One way from the text without words is walked in more steps than each of many from background rows. */
const pointsOfWords = 8

/** Words by their places, against the text without words: integrated gradients by the vectors of the words. */
function wordSlopes({ trained, input }: ReadNetwork, plan: WayPlan): Slopes | undefined {
  const embedded = embeddedWords(trained)
  if (!embedded) return undefined
  const { rest, places, width, summed, embed } = embedded
  const points = plan.points * pointsOfWords
  const columns = summed ? width : places * width
  const wide = (frame: Frame) => embed(Float64Array.from(encodeRows(input, frame)))
  const narrow = (values: Float64Array): Matrix => {
    const rows = values.length / (places * width)
    if (!summed) return matrix(rows, columns, values)
    const sums = matrix(rows, width)
    values.forEach((value, at) => {
      sums.values[Math.floor(at / (places * width)) * width + (at % width)]! += value
    })
    return sums
  }
  const none = embed(new Float64Array(places))
  return {
    rest,
    background: 0,
    drawn: `${points} points on the way from the text without words`,
    widen: (frame) => narrow(wide(frame)),
    async explain(frame, { margin, slopes }, onProgress) {
      const [values, start] = [wide(frame), narrow(none)]
      const means = await integratedSlopes(slopes, narrow(values), start.values, points, onProgress)
      const pushes = new Float64Array(frame.rows * places)
      values.forEach((value, at) => {
        const [place, row] = [Math.floor(at / width), Math.floor(at / (places * width))]
        const slope = means[summed ? row * width + (at % width) : at]!
        pushes[place]! += (value - none[at % none.length]!) * slope
      })
      const features = Array.from({ length: places }, (_, place) => String(place))
      return { base: (await margin(start))[0]!, features, values: pushes }
    },
  }
}

/**
 * Expected gradients of a network's margins through its own graph, from every background row, or of words from the text
 * that has none. `players` names what each prepared number belongs to. Of two classes the margin of the second less that
 * of the first is explained, which is its log-odds.
 */
export async function networkWay(
  model: Model,
  players: (width: number) => readonly string[],
  background: Frame,
  plan: WayPlan,
  context: RunContext,
): Promise<Way> {
  const read = await readServed(model, context)
  const ofWords = read.input.kind === 'words'
  const slopes = ofWords ? wordSlopes(read, plan) : columnSlopes(read, players, background, plan)
  const link = linkOf(read, model)
  if (!slopes || !link) throw noSlope()
  const { rest, widen } = slopes
  const { center = 0, scale = 1 } = read.output ?? {}
  const inputs = rest.network.inputs
  const given = layoutOf(rest.network).outputs[0]!
  const contrast = link === 'logistic' && given === 2
  const margins = contrast ? 1 : given
  const each = Math.max(1, Math.min(rowsAtOnce, Math.floor(cellsAtOnce / sizeOf(inputs))))
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

  async function explainMargin(frame: Frame, margin: number, onProgress: (fraction: number) => void) {
    const session = await open(contrast ? slopeGraph(rest, each, 1, 0) : slopeGraph(rest, each, margin))
    try {
      const passes: Passes = {
        margin: async (rows) => (await pass(session, rows)).margins.filter((_, at) => at % margins === margin),
        slopes: async (rows) => (await pass(session, rows)).slopes,
      }
      const own = await slopes!.explain(frame, passes, onProgress)
      return { own, margins: (await pass(session, widen(frame))).margins }
    } finally {
      await session.release()
    }
  }

  return {
    link,
    margins,
    background: slopes.background,
    drawn: slopes.drawn,
    async explain(frame, wanted, onProgress) {
      const outputs: Contributions[] = []
      let all = new Float64Array(0)
      for (const [at, margin] of wanted.entries()) {
        const found = await explainMargin(frame, margin, (fraction) => onProgress((at + fraction) / wanted.length))
        outputs.push(found.own)
        all = found.margins
      }
      return ofWords ? { ...byWord(model, frame, outputs), margins: all } : { outputs, margins: all }
    },
  }
}

/** Contributions of places told to the words that stand there; those behind the last place that is read push nothing. */
function byWord({ features: [feature] }: Model, frame: Frame, outputs: readonly Contributions[]) {
  const column = columnOf(frame, feature!.name)
  const names = Array.from({ length: frame.rows }, (_, row) =>
    wordSpans((cellText(column, row) ?? '').toWellFormed()).map(({ token }) => token),
  )
  const rowsOf = ({ base, features, values }: Contributions): readonly Contributions[] =>
    names.map((words, row) => {
      const pushes = words.map((_, place) => (place < features.length ? values[row * features.length + place]! : 0))
      return { base, features: words, values: Float64Array.from(pushes) }
    })
  const rows = outputs.map(rowsOf)
  return {
    outputs: rows.map((own) => addUpPieces(names, own)),
    matrix: countPieces(names),
    pieces: rows.map((own) => own.map(({ values }) => values)),
  }
}
