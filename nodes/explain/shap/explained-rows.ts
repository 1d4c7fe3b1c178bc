import { type Explanation, type Frame, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { type Contributions, columnMeans, linearShap } from '#ml/explain/linear-shap'
import { splitRows, takeRows } from '#ml/frame'
import type { Matrix } from '#ml/matrix'
import { applyPreparation, matrixColumns, type Preparation } from '#ml/prepare/preparation'
import { createRandom } from '#ml/random/random'
import { columnOfRole, protectedNames } from '#ml/roles'
import { chosenRows, type RowChoice } from '../../assess/judged-rows.ts'
import { type ExplainedTrees, explainTrees, readTrees } from './explain-trees.ts'

/** A model whose contributions are known exactly; larger sums mean more of the positive class, or more of the target. */
export interface Explainable {
  readonly model: Model
  readonly preparation: Preparation
  /** How contributions are made: by the weights of a linear model, or down the branches of trees. */
  readonly exact:
    | { readonly kind: 'linear'; readonly intercept: number; readonly coefficients: readonly number[] }
    | { readonly kind: 'trees'; readonly trees: ExplainedTrees }
  /** The scale that base and contributions add up on. */
  readonly space: Explanation['space']
  readonly sources: readonly string[]
  readonly regression: boolean
  readonly positive: string
  readonly threshold: number
}

const notSupported = (message: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message, path: ['inputs', 'model'], fix })

/** What makes a model explainable exactly, by its weights or its trees; refuses others with the way out. */
export async function explainable(model: Model, context: RunContext): Promise<Explainable> {
  const { linear, trees, classes = [], purpose, learner } = model
  if (purpose === 'preparation')
    throw notSupported(
      'The model at the input is a preparation and predicts nothing.',
      'Connect the model of a train node',
    )
  if ((!linear && !trees) || !model.preparation)
    throw notSupported(
      `A model of ${learner.type} has neither weights nor trees to explain it by.`,
      'Connect a linear model or a model of trees',
    )
  if (purpose === 'multiclass')
    throw notSupported(
      `The model tells ${classes.length} classes apart; this node explains two classes or a number.`,
      'Connect a model of two classes or of a number',
    )
  const preparation = model.preparation as unknown as Preparation
  const positive = model.positive ?? classes[1] ?? ''
  const regression = purpose === 'regression'
  const exact: Explainable['exact'] = linear
    ? linearPart(linear, purpose === 'binary' && positive === classes[0] ? -1 : 1)
    : { kind: 'trees', trees: await readTrees(model, positive, context) }
  const shares = exact.kind === 'trees' && exact.trees.link !== 'logistic'
  return {
    model,
    preparation,
    exact,
    space: regression ? 'target' : shares ? 'probability' : 'log-odds',
    sources: matrixColumns(preparation).map(({ source }) => source),
    regression,
    positive,
    threshold: model.threshold ?? 0.5,
  }
}

const linearPart = ({ intercepts, coefficients }: NonNullable<Model['linear']>, sign: number) => ({
  kind: 'linear' as const,
  intercept: sign * intercepts[0]!,
  coefficients: coefficients[0]!.map((weight) => sign * weight),
})

/** Every column the node looks at: what the model needs, who people are and which groups they belong to. */
export function readExplained(model: Model, table: Table, context: RunContext): Promise<Frame> {
  const has = new Set(table.columns.map(({ name }) => name))
  const missing = model.features.filter(({ name }) => !has.has(name)).map(({ name }) => name)
  if (missing.length > 0)
    throw new ProblemError({
      code: 'column-unknown',
      message: `The table does not have ${missing.slice(0, 5).join(', ')}, which the model needs.`,
      path: ['inputs', 'table'],
      fix: 'Connect a table with the columns the model was trained on',
      columns: missing.slice(0, 20),
    })
  const roles = (['id', 'split'] as const).map((role) => columnOfRole(table.columns, role)?.name)
  const names = [...model.features.map(({ name }) => name), ...protectedNames(table.columns), ...roles]
  return context.tables.read(table, [...new Set(names.filter((name) => name !== undefined))])
}

/** The chosen rows, or a seeded sample of them in their own order. */
export function sampledRows(frame: Frame, choice: RowChoice, most: number, seed: number) {
  const { rows, split } = chosenRows(frame, choice)
  if (rows.length <= most) return { rows, split }
  const drawn = createRandom(seed).split('explain/shap').permutation(rows.length).slice(0, most)
  return { rows: Uint32Array.from(drawn, (place) => rows[place]!).sort(), split }
}

const chunk = 20_000

/** Column means of the prepared training rows (all rows without a split), a part at a time; trees need none. */
export function backgroundMeans(
  { preparation, sources, exact }: Explainable,
  frame: Frame,
  context: RunContext,
): Float64Array {
  if (exact.kind === 'trees') return new Float64Array(0)
  const train = splitRows(frame, 'train')
  const rows = train.length > 0 ? train : Uint32Array.from({ length: frame.rows }, (_, row) => row)
  const means = new Float64Array(sources.length)
  for (let from = 0; from < rows.length; from += chunk) {
    const part = rows.subarray(from, from + chunk)
    const own = columnMeans(applyPreparation(preparation, takeRows(frame, part)))
    for (let j = 0; j < means.length; j++) means[j]! += (own[j]! * part.length) / rows.length
    context.progress(0.1 + (0.3 * from) / rows.length, 'background')
  }
  return means
}

/** Rows with their prepared numbers, contributions and scores. */
export interface ExplainedRows {
  readonly rows: Uint32Array
  readonly frame: Frame
  readonly matrix: Matrix
  readonly base: number
  readonly features: readonly string[]
  readonly values: Float64Array
  /** Probability of the positive class, or the prediction, of the file that would be served. */
  readonly scores: Float64Array
}

export async function explainRows(
  explained: Explainable,
  whole: Frame,
  rows: Uint32Array,
  background: Float64Array,
  context: RunContext,
): Promise<ExplainedRows> {
  const { model, preparation, sources, exact, space } = explained
  const frame = takeRows(whole, rows)
  const matrix = applyPreparation(preparation, frame)
  const contributions =
    exact.kind === 'linear'
      ? linearShap(matrix, exact, background, sources)
      : await explainTrees(exact.trees, matrix, sources, context)
  const raw = await context.models.score(model, frame)
  const place = explained.regression ? 0 : Math.max(0, (model.classes ?? []).indexOf(explained.positive))
  const scores = Float64Array.from(rows, (_, row) => raw.values[row * raw.width + place]!)
  checkSums(contributions, scores, space)
  return { rows, frame, matrix, ...contributions, scores }
}

const sigmoid = (x: number) => (x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x)))

/** Contributions that did not add up to what the served file says would explain another model. */
function checkSums({ base, features, values }: Contributions, scores: Float64Array, space: Explanation['space']): void {
  const width = features.length
  for (let row = 0; row < scores.length; row++) {
    let sum = base
    for (let j = 0; j < width; j++) sum += values[row * width + j]!
    const said = space === 'log-odds' ? sigmoid(sum) : sum
    const slack = 1e-7 * Math.max(1, Math.abs(scores[row]!))
    if (!(Math.abs(said - scores[row]!) <= slack))
      throw new ProblemError({
        code: 'internal',
        message: `The contributions of row ${row + 1} add up to ${said}, the model says ${scores[row]}.`,
        fix: 'Train the model again with this version',
      })
  }
}
