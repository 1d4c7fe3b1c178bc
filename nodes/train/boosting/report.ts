import type { Model, ReportBlock } from '#contract'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { formatInteger } from '#report/format-number'
import { importanceBlocks, metricBlocks } from '../tree-report.ts'

export const boostingReport = (model: Model, ensemble: TreeEnsemble): ReportBlock[] => [
  { block: 'heading', text: 'Gradient boosting', note: `${formatInteger(ensemble.trees.length)} trees` },
  ...metricBlocks(model),
  ...importanceBlocks(ensemble, model),
]
