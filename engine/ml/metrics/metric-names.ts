import type { Metric } from '#contract'

/** Every figure of performance, with the words people see. Names are addressed by gates and run comparisons: never rename. */
export const metricWords = {
  roc_auc: { label: 'ROC AUC', better: 'high' },
  average_precision: { label: 'Average precision', better: 'high' },
  accuracy: { label: 'Accuracy', better: 'high' },
  balanced_accuracy: { label: 'Balanced accuracy', better: 'high' },
  precision: { label: 'Precision', better: 'high' },
  recall: { label: 'Recall', better: 'high' },
  f_beta: { label: 'F', better: 'high' },
  mcc: { label: 'Matthews correlation', better: 'high' },
  log_loss: { label: 'Log loss', better: 'low' },
  brier: { label: 'Brier score', better: 'low' },
  calibration_error: { label: 'Calibration error', better: 'low' },
  r2: { label: 'R²', better: 'high' },
  rmse: { label: 'RMSE', better: 'low' },
  mae: { label: 'Mean absolute error', better: 'low' },
  mape: { label: 'Mean absolute percentage error', better: 'low' },
  pinball: { label: 'Pinball loss', better: 'low' },
  bias: { label: 'Mean error', better: 'zero' },
} as const satisfies Record<string, { label: string; better: Metric['better'] }>

export type MetricName = keyof typeof metricWords

/**
 * `auto` takes the closed forms where there are any (Wilson for shares of rows, DeLong for the area) and the percentile
 * bootstrap elsewhere; `bootstrap` takes the bootstrap throughout.
 */
export interface IntervalOptions {
  readonly method: 'auto' | 'bootstrap'
  /** 0 for no bootstrap at all. */
  readonly replicates: number
  readonly onProgress?: (fraction: number) => void
}

const averaged: ReadonlySet<MetricName> = new Set(['roc_auc', 'precision', 'recall', 'f_beta'])

function labelOf(name: MetricName, words: { readonly macro?: boolean; readonly beta?: number }): string {
  const label = name === 'f_beta' ? `F${words.beta ?? 1}` : metricWords[name].label
  return words.macro && averaged.has(name) ? `${label}, mean over classes` : label
}

/** Named figures as they travel: what is undefined becomes null, and an interval that is not finite is left out. */
export function finiteMetrics(
  figures: readonly {
    readonly name: MetricName
    readonly value: number
    readonly low?: number
    readonly high?: number
    readonly n?: number
  }[],
  words: { readonly macro?: boolean; readonly beta?: number } = {},
): Metric[] {
  return figures.map(({ name, value, low, high, n }) => ({
    name,
    label: labelOf(name, words),
    better: metricWords[name].better,
    value: Number.isFinite(value) ? value : null,
    ...(Number.isFinite(value) && Number.isFinite(low) && Number.isFinite(high) && { low: low!, high: high! }),
    ...(n !== undefined && { n }),
  }))
}
