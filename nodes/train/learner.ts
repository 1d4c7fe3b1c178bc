import type { Hash, Metric, Model, RunContext } from '#contract'
import { createRandom } from '#ml/random/random'
import { type LinkedTrees, printEnsemble } from '#ml/trees/ensemble-json'
import type { FusedModel } from './fuse-preparation.ts'
import { type ClassRows, type NumberRows, someRows } from './learning-rows.ts'
import { foldRows, meanOfFolds, stratifiedFolds } from './linear/cross-validate.ts'

/**
 * What learners have in common once their rows are read: a fit gives a `Learned`; scoring it on folds and on its own
 * rows, and writing it down as a model, is done here.
 */
export type LearnerRows = ClassRows | NumberRows

/** What fitting needs of a step: its own context, or that of a thread of its crew. */
export type FitContext = Pick<RunContext, 'seed' | 'kernels' | 'budget' | 'progress' | 'signal'>

export interface Learned {
  readonly purpose: 'binary' | 'multiclass' | 'regression'
  fuse(): FusedModel
  readonly linear?: Model['linear']
  /** Over the prepared matrix, on the margin scale. */
  readonly trees?: LinkedTrees
  readonly classes?: readonly string[]
  readonly positive?: string
  /** Figures on rows the model has not necessarily seen. */
  judge(rows: LearnerRows): Metric[]
}

/** The node, as the model names it. */
export interface Learner {
  readonly type: `${string}/${string}`
  readonly version: number
  readonly params: { readonly folds: number; readonly threshold: number }
}

/** The figures worth keeping with the model; the rest is what assess/evaluate is for. */
const kept = new Set(['roc_auc', 'log_loss', 'r2', 'rmse'])

export function onTraining(fitted: Learned, rows: LearnerRows): Metric[] {
  return fitted
    .judge(rows)
    .filter(({ name }) => kept.has(name))
    .map((metric) => ({ ...metric, name: `train.${metric.name}`, label: `${metric.label} on the training rows` }))
}

/** What folds need of a fit. */
interface Judged {
  judge(rows: LearnerRows): readonly Metric[] | Promise<readonly Metric[]>
}

/** Means over folds dealt out by class, with Student's t interval; nothing where the rows are too few. */
export async function crossValidated(
  rows: LearnerRows,
  fit: (part: LearnerRows) => Judged | Promise<Judged>,
  { type, params: { folds } }: Learner,
  context: RunContext,
): Promise<Metric[]> {
  const n = rows.frame.rows
  if (folds === 0 || n < 2 * folds) return []
  const random = createRandom(context.seed).split(type)
  const assigned = stratifiedFolds('codes' in rows ? rows.codes : new Uint8Array(n), folds, random)
  const figures: Metric[][] = []
  for (let fold = 0; fold < folds; fold++) {
    context.progress(0.4 + (0.5 * fold) / folds, `fold ${fold + 1} of ${folds}`)
    const { fit: inside, held } = foldRows(assigned, fold)
    const fitted = await fit(someRows(rows, inside))
    figures.push((await fitted.judge(someRows(rows, held))).filter(({ name }) => kept.has(name)))
  }
  return figures[0]!.map((first, index) => ({
    ...first,
    ...meanOfFolds(
      figures.map((of) => of[index]?.value ?? Number.NaN),
      n,
    ),
    name: `cross_validated.${first.name}`,
    label: `${first.label}, cross-validated`,
  }))
}

/** The fitted learner with its preparation as a model, its files stored. */
export async function describeLearned(
  fitted: Learned,
  rows: LearnerRows,
  metrics: readonly Metric[],
  learner: Learner,
  table: Hash,
  context: RunContext,
): Promise<Model> {
  const { onnx: bytes, preparation, matrix } = fitted.fuse()
  const { classes, positive, linear, trees } = fitted
  return {
    kind: 'model',
    purpose: fitted.purpose,
    onnx: await context.blobs.put(bytes),
    onnxBytes: bytes.byteLength,
    features: rows.features,
    target: rows.target.name,
    ...(classes && { classes }),
    ...(positive !== undefined && { positive, threshold: learner.params.threshold }),
    protected: rows.protected,
    learner: { type: learner.type, version: learner.version, params: { ...learner.params } },
    preparation,
    matrix,
    ...(linear && { linear }),
    ...(trees && { trees: await context.blobs.put(new TextEncoder().encode(printEnsemble(trees))) }),
    training: { table, rows: rows.frame.rows, seed: context.seed },
    metrics,
    engine: context.engine.version,
  }
}
