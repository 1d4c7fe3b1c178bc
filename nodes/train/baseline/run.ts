import { type Hash, type Metric, type Model, ProblemError, type RunContext, type Table } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { classShares, majorityScores } from '#ml/baseline/class-shares'
import { emitConstant, emitRule } from '#ml/baseline/emit-baseline'
import { classificationMetrics } from '#ml/metrics/classification-metrics'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import { moments } from '#ml/statistics/moments'
import { positiveClass } from '#ml/target-cells'
import { type ClassRows, type LearningRows, type NumberRows, readClassRows, readNumberRows } from '../learning-rows.ts'
import { type BaselineParams, baselineVersion, isPlan, type Plan, planBaseline } from './infer.ts'

interface Run {
  readonly inputs: { readonly table: Table }
  readonly hashes: { readonly table: Hash | undefined }
  readonly params: BaselineParams
  readonly context: RunContext
}

export async function trainBaseline({ inputs, hashes, params, context }: Run): Promise<{ model: Model }> {
  const plan = planBaseline(inputs.table.columns, params)
  if (!isPlan(plan)) throw new ProblemError(plan)
  context.progress(0, 'reading')
  const { features } = plan
  const source = { table: inputs.table, preparation: undefined, target: params.target, features }
  const made =
    plan.strategy === 'mean'
      ? meanModel(plan, await readNumberRows(source, context))
      : classModel(plan, await readClassRows(source, context), params)
  const { onnx, rows, ...rest } = made
  const model: Model = {
    kind: 'model',
    ...rest,
    onnx: await context.blobs.put(onnx),
    onnxBytes: onnx.byteLength,
    features,
    target: plan.target.name,
    protected: rows.protected,
    learner: { type: 'train/baseline', version: baselineVersion, params: { ...params, strategy: plan.strategy } },
    training: { table: hashes.table ?? inputs.table.data, rows: rows.frame.rows, seed: context.seed },
    engine: context.engine.version,
  }
  context.progress(1)
  return { model }
}

type Made = Pick<Model, 'purpose' | 'classes' | 'positive' | 'threshold' | 'metrics'> & {
  readonly onnx: Uint8Array
  readonly rows: LearningRows
}

function meanModel(plan: Plan, rows: NumberRows): Made {
  const { mean } = moments(rows.values, rows.weights)
  const predicted = new Float64Array(rows.values.length).fill(mean)
  const figures = regressionMetrics({ actual: rows.values, predicted, ...(rows.weights && { weights: rows.weights }) })
  return {
    purpose: 'regression',
    metrics: onTraining(figures, ['rmse', 'mae']),
    onnx: emitConstant(plan.features, 'prediction', [mean]),
    rows,
  }
}

function classModel(plan: Plan, rows: ClassRows, params: BaselineParams): Made {
  const { codes, classes, weights } = rows
  const binary = classes.length === 2
  const positive = binary ? positiveClass(classes, params.positive) : undefined
  if (plan.rule && positive === undefined) throw new ProblemError(ruleForMany(rows))
  const yes = positive === undefined ? -1 : classes.indexOf(positive)
  const shares = classShares(codes, classes.length, weights)
  const constant = plan.strategy === 'majority' ? majorityScores(shares) : shares
  const holds = plan.rule && applyRule(plan.rule, rows.frame)
  const scores = new Float64Array(codes.length * classes.length)
  for (let i = 0; i < codes.length; i++)
    for (let k = 0; k < classes.length; k++)
      scores[i * classes.length + k] = holds ? ((holds[i] === 1) === (k === yes) ? 1 : 0) : constant[k]!
  const figures = classificationMetrics({
    actual: codes,
    scores,
    classes: classes.length,
    ...(binary && { positive: yes }),
    ...(weights && { weights }),
  })
  return {
    purpose: binary ? 'binary' : 'multiclass',
    classes,
    ...(positive !== undefined && { positive, threshold: 0.5 }),
    metrics: onTraining(figures, ['accuracy', 'log_loss']),
    onnx: plan.rule ? emitRule(plan.features, plan.rule, yes) : emitConstant(plan.features, 'scores', constant),
    rows,
  }
}

const onTraining = (metrics: readonly Metric[], names: readonly string[]): Metric[] =>
  metrics
    .filter(({ name }) => names.includes(name))
    .map((metric) => ({ ...metric, name: `train.${metric.name}`, label: `${metric.label} on the training rows` }))

const ruleForMany = ({ target, classes }: ClassRows) => ({
  code: 'not-supported' as const,
  message: `The target ${target.name} has ${classes.length} classes; a rule tells two apart.`,
  path: ['params', 'strategy'],
  fix: 'Choose the strategy prior or majority, or a target with two classes',
  columns: [target.name],
})
