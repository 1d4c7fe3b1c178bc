import { type Hash, type Metric, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { createRandom } from '#ml/random/random'
import { isProblem, targetColumn } from '#ml/roles'
import { type ClassRows, type NumberRows, readClassRows, readNumberRows, someRows } from '../learning-rows.ts'
import { foldRows, meanOfFolds, stratifiedFolds } from './cross-validate.ts'
import { type FittedRows, fitClassRows, fitNumberRows, sayUnfinished } from './fit-rows.ts'
import { type LinearParams, linearVersion, targetProblems, taskKind } from './infer.ts'

interface Run {
  readonly inputs: { readonly table: Table; readonly preparation: Model | undefined }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: LinearParams
  readonly context: RunContext
}
type Rows = ClassRows | NumberRows
type Fit = (rows: Rows, onIteration?: (iteration: number) => void) => FittedRows

export async function trainLinear({ inputs, hashes, params, context }: Run): Promise<{ model: Model }> {
  const target = targetColumn(inputs.table.columns, params.target)
  if (isProblem(target)) throw new ProblemError(target)
  const kind = taskKind(params, target)
  const problems = targetProblems(kind, target)
  if (problems.length > 0) throw new ProblemError(problems)
  context.progress(0, 'reading')
  const source = { table: inputs.table, preparation: inputs.preparation, target: params.target }
  const rows = await (kind === 'logistic' ? readClassRows(source, context) : readNumberRows(source, context))
  const products = await context.kernels.dense()
  const fit: Fit = (part, onIteration) =>
    'codes' in part
      ? fitClassRows(part, inputs.preparation, params, products, onIteration)
      : fitNumberRows(part, inputs.preparation, params, products)
  context.progress(0.1, 'fitting')
  const fitted = fit(rows, (iteration) => context.progress(0.1 + 0.3 * (1 - 0.9 ** iteration), 'fitting'))
  if (!fitted.converged) sayUnfinished(context)
  const metrics = [...crossValidated(rows, fit, params.folds, context), ...onTraining(fitted, rows)]
  const model = await describeModel(fitted, rows, metrics, { inputs, hashes, params, context })
  context.progress(1)
  return { model }
}

/** The figures worth keeping with the model; the rest is what assess/evaluate is for. */
const kept = new Set(['roc_auc', 'log_loss', 'r2', 'rmse'])

function onTraining(fitted: FittedRows, rows: Rows): Metric[] {
  return fitted
    .judge(rows)
    .filter(({ name }) => kept.has(name))
    .map((metric) => ({ ...metric, name: `train.${metric.name}`, label: `${metric.label} on the training rows` }))
}

function crossValidated(rows: Rows, fit: Fit, folds: number, context: RunContext): Metric[] {
  const n = rows.frame.rows
  if (folds === 0 || n < 2 * folds) return []
  const random = createRandom(context.seed).split('train/linear')
  const assigned = stratifiedFolds('codes' in rows ? rows.codes : new Uint8Array(n), folds, random)
  const figures: Metric[][] = []
  for (let fold = 0; fold < folds; fold++) {
    context.progress(0.4 + (0.5 * fold) / folds, `fold ${fold + 1} of ${folds}`)
    const { fit: inside, held } = foldRows(assigned, fold)
    const fitted = fit(someRows(rows, inside))
    figures.push(fitted.judge(someRows(rows, held)).filter(({ name }) => kept.has(name)))
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

async function describeModel(fitted: FittedRows, rows: Rows, metrics: readonly Metric[], run: Run): Promise<Model> {
  const { params, context, hashes, inputs } = run
  const { onnx: bytes, preparation, matrix } = fitted.fuse()
  const { classes, positive } = fitted
  return {
    kind: 'model',
    purpose: fitted.purpose,
    onnx: await context.blobs.put(bytes),
    onnxBytes: bytes.byteLength,
    features: rows.features,
    target: rows.target.name,
    ...(classes && { classes }),
    ...(positive !== undefined && { positive, threshold: params.threshold }),
    protected: rows.protected,
    learner: { type: 'train/linear', version: linearVersion, params: { ...params } },
    preparation,
    matrix,
    linear: fitted.linear,
    training: { table: hashes.table ?? inputs.table.data, rows: rows.frame.rows, seed: context.seed },
    metrics,
    engine: context.engine.version,
  }
}
