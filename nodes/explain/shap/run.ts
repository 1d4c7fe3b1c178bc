import { type Explanation, type Hash, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { globalImportance } from '#ml/explain/global-importance'
import { cellNames } from '#ml/explain/picture-cells'
import { columnOf } from '#ml/frame'
import type { RowChoice } from '../../assess/judged-rows.ts'
import { explainFitting } from './explain-fitting.ts'
import {
  findPerson,
  namedOfClasses,
  namedPeople,
  rounded,
  typicalOfClasses,
  typicalPerson,
} from './explained-person.ts'
import {
  comparedWith,
  type Explainable,
  type ExplainedOutputs,
  explainable,
  explainOutputs,
  gridOf,
  positivePlace,
  readExplained,
  rowsOf,
  sampledRows,
} from './explained-rows.ts'
import { featurePoints, pointPlaces, treeInteractionsOf } from './feature-points.ts'
import { writePushes } from './pushes-table.ts'
import type { MethodChoice } from './shap-method.ts'

export interface ShapParams {
  readonly method: MethodChoice
  readonly class: string
  readonly rows: RowChoice
  readonly mostRows: number
  readonly mostTreeRows: number
  readonly mostEstimatedRows: number
  readonly who: 'refused' | 'named' | 'none'
  readonly person: string
  readonly background: number
  readonly samples: number
  readonly rounds: number
  readonly points: number
}
interface Run {
  readonly inputs: { readonly model: Model; readonly table: Table }
  readonly hashes: { readonly model: Hash | undefined; readonly table: Hash | undefined }
  readonly params: ShapParams
  readonly context: RunContext
}

export async function explainModel({ inputs, hashes, params, context }: Run): Promise<{ explanation: Explanation }> {
  const { model, table } = inputs
  const picked = towards(explainable(model, params), params.class)
  const places = explainedPlaces(picked, params.class)
  context.progress(0, 'reading')
  const frame = await readExplained(model, table, context)
  const progress = (from: number, to: number, note: string) => (fraction: number) =>
    context.progress(from + (to - from) * fraction, note)
  const { explained, way, all } = await explainFitting(
    picked,
    params,
    frame,
    (of) => sampledRows(frame, params.rows, mostRows(of, params), context.seed).rows,
    places,
    context,
    progress(0.15, 0.85, 'contributions'),
  )
  const { rows } = all
  const people = await choosePeople(params, explained, all, (named) => {
    const own = Uint32Array.from(named, (name) => findPerson(frame, name))
    return explainOutputs(explained, way, frame, own, places, context, progress(0.85, 0.95, 'people'))
  })
  const { features, classes } = importances(explained, all)
  const interactions = await treeInteractionsOf(explained, way, all, features, context)
  const points = featurePoints(explained, all, features)
  const pushes = points && points.length > 0 ? await writePushes(rowsOf(all, 0), points, context) : undefined
  context.progress(1)
  const cells = cellShares(explained, features)
  return {
    explanation: {
      kind: 'explanation',
      model: hashes.model ?? model.onnx,
      table: hashes.table ?? table.data,
      method: explained.methodName,
      how: howWords(explained, comparedWith(way)),
      space: all.space,
      base: all.outputs[0]!.base,
      rows: rows.length,
      gap: all.gap,
      features: explained.subject === 'columns' ? features : features.slice(0, mostPieces),
      ...(classes && { classes }),
      ...(cells && { cells }),
      ...(points && { points, pointRows: pointPlaces(rows) }),
      ...(pushes && { pushes }),
      ...(interactions && { interactions }),
      people,
    },
  }
}

/** The outputs that are explained: of several classes all or the one named, of two the positive one or the one named. */
function explainedPlaces(explained: Explainable, named: string): readonly number[] {
  const { classes = [], purpose } = explained.model
  if (named !== '' && !classes.includes(named))
    throw new ProblemError({
      code: 'parameter-bad',
      message: `The model does not tell a class ${named} apart${classes.length > 0 ? `, only ${classes.slice(0, 12).join(', ')}` : ''}.`,
      path: ['params', 'class'],
      fix: classes.length > 0 ? 'Write one of its classes, or nothing' : 'Leave the class empty for numbers',
    })
  if (named !== '') return [classes.indexOf(named)]
  return purpose === 'multiclass' ? [...classes.keys()] : [positivePlace(explained)]
}

/** The same of two classes for the other one. */
function towards(explained: Explainable, named: string): Explainable {
  const { model, positive, threshold } = explained
  if (model.purpose !== 'binary' || named === '' || named === positive) return explained
  return { ...explained, positive: named, threshold: 1 - threshold }
}

function mostRows({ method }: Explainable, params: ShapParams): number {
  if (method === 'linear') return params.mostRows
  const trees = method === 'tree-path-dependent' || method === 'tree-interventional'
  return Math.min(params.mostRows, trees ? params.mostTreeRows : params.mostEstimatedRows)
}

const howWords = ({ why }: Explainable, against: string): string =>
  [why === 'chosen' ? 'Chosen by you' : `Picked since ${why}`, against].filter(Boolean).join('; ')

/** Importances over all explained outputs, and of each where there are several. */
function importances({ subject, model }: Explainable, all: ExplainedOutputs) {
  const each = all.outputs.map((_, at) => {
    const own = rowsOf(all, at)
    const places = new Map(own.features.map((feature, place) => [feature, place]))
    return globalImportance(own, (feature) => {
      if (subject === 'columns') return columnOf(own.frame, feature)
      const place = places.get(feature)!
      const value = (row: number) => own.matrix?.values[row * own.matrix.columns + place] ?? 0
      return { cells: { kind: 'number', values: Float64Array.from(own.rows, (_row, row) => value(row)) } }
    })
  })
  if (model.purpose !== 'multiclass' || each.length === 1) return { features: each[0]! }
  const byName = each.map((features) => new Map(features.map((feature) => [feature.feature, feature.importance])))
  const features = each[0]!
    .map(({ feature }) => ({
      feature,
      importance: byName.reduce((sum, of) => sum + of.get(feature)!, 0) / byName.length,
      direction: 'mixed' as const,
    }))
    .sort((a, b) => b.importance - a.importance)
  const classes = all.outputs.map(({ place, base }, at) => ({
    name: model.classes![place]!,
    base,
    importances: features
      .slice(0, subject === 'columns' ? features.length : mostPieces)
      .map(({ feature }) => byName[at]!.get(feature)!),
  }))
  return { features, classes }
}

/** Words or cells that are listed; texts and pictures show them all. */
const mostPieces = 100

/** Importances of a picture's cells, in their places. */
function cellShares(explained: Explainable, features: Explanation['features']): Explanation['cells'] {
  const grid = gridOf(explained)
  if (!grid) return undefined
  const { rows, columns } = grid
  const found = new Map(features.map(({ feature, importance }) => [feature, importance]))
  return { rows, columns, values: cellNames(grid).map((name) => rounded(found.get(name) ?? 0)) }
}

async function choosePeople(
  { who, person }: ShapParams,
  explained: Explainable,
  all: ExplainedOutputs,
  explainNamed: (named: readonly string[]) => Promise<ExplainedOutputs>,
): Promise<Explanation['people']> {
  if (who === 'none') return []
  const several = explained.model.purpose === 'multiclass'
  if (who === 'named') {
    const named = await explainNamed(person.split(/[,;\n]/).filter((name) => name.trim() !== ''))
    return several ? namedOfClasses(explained, named) : namedPeople(explained, rowsOf(named, 0))
  }
  if (several) return typicalOfClasses(explained, all)
  const typical = typicalPerson(explained, rowsOf(all, 0))
  return typical ? [typical] : []
}
