import type { Metric, Model, RunContext } from '#contract'
import { classificationMetrics } from '#ml/metrics/classification-metrics'
import { confusionCounts, confusionRows, decide } from '#ml/metrics/confusion'
import { regressionMetrics } from '#ml/metrics/regression-metrics'
import type { NetworkRows, NetworkTables } from './read-rows.ts'

export interface Judgement {
  readonly metrics: readonly Metric[]
  /** Of the rows that validate, else of the training rows. */
  readonly confusion?: readonly (readonly number[])[]
}

/** Figures of the finished file on training and validation rows. */
export async function judgeNetwork(model: Model, tables: NetworkTables, context: RunContext): Promise<Judgement> {
  const { training, validation } = tables
  const first = validation && (await judgeRows(model, validation, context))
  const second = await judgeRows(model, training, context)
  const metrics = [
    ...(first ? named(first.metrics, 'validation', 'on the validation rows') : []),
    ...named(second.metrics, 'train', 'on the training rows'),
  ]
  const confusion = (first ?? second).confusion
  return { metrics, ...(confusion && { confusion }) }
}

const shown = new Set(['accuracy', 'balanced_accuracy', 'log_loss', 'roc_auc', 'f1', 'r2', 'rmse', 'mae'])

const named = (metrics: readonly Metric[], prefix: string, where: string): Metric[] =>
  metrics
    .filter(({ name }) => shown.has(name))
    .map((metric) => ({ ...metric, name: `${prefix}.${metric.name}`, label: `${metric.label} ${where}` }))

async function judgeRows(
  model: Model,
  { frame, target, weights }: NetworkRows,
  context: RunContext,
): Promise<Judgement> {
  const { values } = await context.models.score(model, frame)
  const { classes, positive, threshold } = model
  if (!classes)
    return { metrics: regressionMetrics({ actual: target, predicted: values, ...(weights && { weights }) }) }
  const actual = Int32Array.from(target)
  const yes = positive === undefined ? undefined : classes.indexOf(positive)
  const metrics = classificationMetrics({
    actual,
    scores: values,
    classes: classes.length,
    ...(yes !== undefined && { positive: yes, ...(threshold !== undefined && { threshold }) }),
    ...(weights && { weights }),
  })
  const predicted = decide(values, classes.length, yes, threshold)
  return { metrics, confusion: confusionRows(confusionCounts(actual, predicted, classes.length), classes.length) }
}
