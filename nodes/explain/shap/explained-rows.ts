import { type Explanation, type Frame, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { mostSides } from '#ml/explain/cell-pieces'
import type { Contributions } from '#ml/explain/linear-shap'
import { cellNames, type PictureGrid, pictureGrid } from '#ml/explain/picture-cells'
import { preparedPlayers, type Subject, subjectOf } from '#ml/explain/subject'
import { splitRows, takeRows } from '#ml/frame'
import type { Matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'
import { columnOfRole, protectedNames } from '#ml/roles'
import { linkMargins } from '#ml/trees/link-margins'
import { chosenRows, type RowChoice } from '../../assess/judged-rows.ts'
import { linearWay } from './linear-way.ts'
import { maskedWay } from './masked-way.ts'
import { networkWay } from './network-way.ts'
import { sampledWay } from './sampled-way.ts'
import { chooseMethod, type MethodChoice, methodNames, type ShapMethod } from './shap-method.ts'
import { treesWay } from './trees-way.ts'
import { spaceOf, type Way, type WayPlan, wayDefaults } from './way.ts'

/** A model with the method that explains it. */
export interface Explainable {
  readonly model: Model
  readonly method: ShapMethod
  readonly methodName: string
  readonly why: string
  readonly subject: Subject
  readonly plan: WayPlan
  readonly regression: boolean
  /** Of two classes or more: the class that contributions speak for unless told. */
  readonly positive: string
  readonly threshold: number
}

export interface ShapPlan extends WayPlan {
  readonly method: MethodChoice
  /** Refuse what can only be estimated. */
  readonly exactOnly?: boolean
}

const exactPlan: ShapPlan = { ...wayDefaults, method: 'automatic', exactOnly: true }

/** How a model is explained; unless told, exactly by its weights or its trees, or refused with the way out. */
export function explainable(model: Model, plan: ShapPlan = exactPlan): Explainable {
  const { method, why } = chooseMethod(model, plan.method, plan.exactOnly)
  return {
    model,
    method,
    methodName: methodNames[method],
    why,
    subject: subjectOf(model),
    plan,
    regression: model.purpose === 'regression',
    positive: model.positive ?? model.classes?.[1] ?? '',
    threshold: model.threshold ?? 0.5,
  }
}

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
  return { rows: drawnRows(rows, most, seed, 'explain/shap'), split }
}

function drawnRows(rows: Uint32Array, most: number, seed: number, label: string): Uint32Array {
  if (rows.length <= most) return rows
  const drawn = createRandom(seed).split(label).permutation(rows.length).slice(0, most)
  return Uint32Array.from(drawn, (place) => rows[place]!).sort()
}

/** Whom the prepared numbers belong to: raw columns, terms where the model reads one text, cells of a picture. */
export function playersOf({ model, subject }: Pick<Explainable, 'model' | 'subject'>): readonly string[] {
  if (subject === 'pixels') return pixelPlayers(model)
  return preparedPlayers(model)
}

/** Cells a side of a picture whose network is differentiated. */
const mostCells = 32

/** The cell of every number of a picture, channel by channel as networks take them. */
function pixelPlayers({ features: [feature] }: Model): readonly string[] {
  const size = feature!.image!
  const grid = pictureGrid(size, mostCells)
  const names = cellNames(grid)
  return Array.from({ length: size.channels }, () => Array.from(grid.of, (cell) => names[cell]!)).flat()
}

/** The grid over a picture whose cells are the players; `cells` tells which where they were added up to larger ones. */
export function gridOf({ model, method, subject }: Explainable, cells?: number): PictureGrid | undefined {
  const { image } = model.features[0] ?? {}
  if (subject !== 'pixels' || !image) return undefined
  const grid = pictureGrid(image, method === 'expected-gradients' ? mostCells : mostSides)
  return cells === undefined || grid.rows * grid.columns === cells ? grid : pictureGrid(image, mostSides)
}

/**
 * Makes a model ready: background rows are drawn from the training rows of `frame` (all rows without a split), from
 * which the rows to explain come too.
 */
export function openWay(explained: Explainable, frame: Frame, context: RunContext): Promise<Way> {
  const { model, method, plan, subject } = explained
  const train = splitRows(frame, 'train')
  const rows = train.length > 0 ? train : Uint32Array.from({ length: frame.rows }, (_, row) => row)
  if (rows.length === 0)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'The table has no rows to compare with.',
      path: ['inputs', 'table'],
      fix: 'Connect a table with rows',
    })
  const drawn = () => takeRows(frame, drawnRows(rows, plan.background, context.seed, 'explain/shap background'))
  switch (method) {
    case 'linear':
      return Promise.resolve(linearWay(model, playersOf(explained), frame, rows, context))
    case 'tree-path-dependent':
      return treesWay(model, playersOf(explained), undefined, context)
    case 'tree-interventional':
      return treesWay(model, playersOf(explained), drawn(), context)
    case 'expected-gradients':
      return networkWay(model, () => playersOf(explained), drawn(), plan, context)
    default:
      return Promise.resolve((subject === 'columns' ? sampledWay : maskedWay)(model, method, drawn(), plan, context))
  }
}

/** Contributions to one output, with what they stand for. */
export interface ExplainedOutput extends Contributions {
  /** Place among the classes; 0 of numbers. */
  readonly place: number
  /** Of texts, by row: what each word in its place pushes. */
  readonly pieces?: readonly Float64Array[]
}

/** Rows with their contributions and scores, for several outputs. */
export interface ExplainedOutputs {
  readonly rows: Uint32Array
  readonly frame: Frame
  readonly outputs: readonly ExplainedOutput[]
  readonly matrix?: Matrix
  /** What the file that would be served says, row-major [rows, width]. */
  readonly raw: { readonly values: Float64Array; readonly width: number }
  readonly space: Explanation['space']
  /** The largest difference between what contributions add up to and what the file says, 1e-9 or more. */
  readonly gap: number
}

/** Explains rows of a frame: `places` are outputs, of two classes or more the numbers of the classes. */
export async function explainOutputs(
  explained: Explainable,
  way: Way,
  whole: Frame,
  rows: Uint32Array,
  places: readonly number[],
  context: RunContext,
  onProgress: (fraction: number) => void = () => {},
): Promise<ExplainedOutputs> {
  const { model, method } = explained
  const frame = takeRows(whole, rows)
  const single = way.margins === 1
  const wanted = single ? [0] : places
  const found = await way.explain(frame, wanted, onProgress)
  const raw = await context.models.score(model, frame)
  const gap = Math.max(finestGap, largestGap(way, wanted, found, raw.values))
  if (exactMethods.has(method)) refuseGap(gap, raw.values)
  const outputs = places.map((place, at): ExplainedOutput => {
    const index = single ? 0 : at
    const own = { ...found.outputs[index]!, ...(found.pieces && { pieces: found.pieces[index]! }) }
    const turned = single && model.purpose === 'binary' && place === 0
    return turned ? { ...own, place, base: -own.base, values: own.values.map((value) => -value) } : { ...own, place }
  })
  return {
    rows,
    frame,
    outputs,
    ...(found.matrix && { matrix: found.matrix }),
    raw,
    space: spaceOf(way.link, model),
    gap,
  }
}

/** Below it rounding differs from machine to machine. */
const finestGap = 1e-9

export const exactMethods: ReadonlySet<ShapMethod> = new Set(['linear', 'tree-path-dependent', 'tree-interventional'])

/** How far what contributions add up to is from what the file says, at most. */
function largestGap(
  { link, margins }: Way,
  wanted: readonly number[],
  found: { readonly outputs: readonly Contributions[]; readonly margins: Float64Array },
  said: Float64Array,
): number {
  const sums = found.margins.slice()
  found.outputs.forEach(({ base, features, values }, at) => {
    const width = features.length
    for (let row = 0; row * margins < sums.length; row++) {
      let sum = base
      for (let j = 0; j < width; j++) sum += values[row * width + j]!
      sums[row * margins + wanted[at]!] = sum
    }
  })
  const told = linkMargins(sums, margins, link)
  return told.reduce((most, value, at) => Math.max(most, Math.abs(value - said[at]!)), 0)
}

/** Exact contributions that did not add up to what the served file says would explain another model. */
function refuseGap(gap: number, said: Float64Array): void {
  const largest = said.reduce((most, value) => Math.max(most, Math.abs(value)), 1)
  if (gap <= 1e-7 * largest) return
  throw new ProblemError({
    code: 'internal',
    message: `The contributions of a row add up to ${gap} more or less than the model says.`,
    fix: 'Train the model again with this version',
  })
}

/** Rows with their contributions to the positive class, or to the number. */
export interface ExplainedRows extends Contributions {
  readonly rows: Uint32Array
  readonly frame: Frame
  readonly matrix?: Matrix
  /** Probability of the positive class, or the prediction, of the file that would be served. */
  readonly scores: Float64Array
  readonly space: Explanation['space']
  readonly pieces?: readonly Float64Array[]
}

/** What a feature pushes each row. */
export function pushesOf({ features, values, rows }: ExplainedRows, feature: string): Float64Array {
  const place = features.indexOf(feature)
  return Float64Array.from(rows, (_, row) => values[row * features.length + place]!)
}

export const positivePlace = ({ regression, model, positive }: Explainable): number =>
  regression ? 0 : Math.max(0, (model.classes ?? []).indexOf(positive))

/** One output of several, with its scores. */
export function rowsOf({ rows, frame, matrix, outputs, raw, space }: ExplainedOutputs, at: number): ExplainedRows {
  const { place, ...own } = outputs[at]!
  const scores = Float64Array.from(rows, (_, row) => raw.values[row * raw.width + place]!)
  return { rows, frame, ...(matrix && { matrix }), ...own, scores, space }
}

/** What was compared with and drawn, in words. */
export const comparedWith = ({ background, drawn }: Way): string =>
  [background > 0 ? `${background} background rows` : '', drawn ?? ''].filter(Boolean).join(', ')
