import type { Column, Problem } from '#contract'
import { type MetricName, metricWords } from '#ml/metrics/metric-names'
import { taskKind } from '../linear/infer.ts'
import { kindWord } from '../train-with.ts'
import type { TuneParams } from './params.ts'

/** What trials are ranked by. */
export interface Goal {
  readonly name: MetricName
  readonly label: string
  readonly direction: 'maximise' | 'minimise'
}

const ofNumbers: ReadonlySet<string> = new Set(['r2', 'rmse', 'mae', 'mape'])

/** The metric for a target, or the problem that it says nothing about such targets; `classes` where they are known. */
export function goalFor(
  { metric, kind }: Pick<TuneParams, 'metric' | 'kind'>,
  target: Column,
  classes?: number,
): Goal | Problem {
  const numbers = taskKind({ kind: kindWord(kind) }, target) === 'ridge'
  if (metric === 'auto') return goal(numbers ? 'r2' : 'roc_auc')
  if (metric === 'average_precision' && (classes ?? 2) > 2)
    return {
      code: 'not-supported',
      message: `Average precision judges two classes, and ${target.name} has ${classes}.`,
      path: ['params', 'metric'],
      fix: 'Choose ROC AUC or log loss',
      columns: [target.name],
    }
  if (ofNumbers.has(metric) === numbers) return goal(metric)
  const label = metricWords[metric].label
  return {
    code: 'not-supported',
    message: numbers
      ? `${label} judges classes, and ${target.name} is a number.`
      : `${label} judges numbers, and ${target.name} has classes.`,
    path: ['params', 'metric'],
    fix: `Choose ${numbers ? 'R² or RMSE' : 'ROC AUC or log loss'}, or another kind`,
    columns: [target.name],
  }
}

function goal(name: MetricName): Goal {
  const { label, better } = metricWords[name]
  return { name, label: name === 'f_beta' ? 'F1' : label, direction: better === 'high' ? 'maximise' : 'minimise' }
}
