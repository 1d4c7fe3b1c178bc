import type { Model, ReportBlock } from '#contract'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { formatInteger } from '#report/format-number'
import { importanceBlocks, metricBlocks } from '../tree-report.ts'
import type { ForestParams } from './params.ts'

export function forestReport(model: Model, ensemble: TreeEnsemble): ReportBlock[] {
  const params = model.learner.params as unknown as ForestParams
  // With several classes each tree stands once a class; their shapes are the same.
  const own = { ...ensemble, trees: ensemble.trees.filter((_, index) => index % ensemble.outputs === 0) }
  const leaves = own.trees.reduce((sum, { feature }) => sum + feature.filter((column) => column < 0).length, 0)
  return [
    {
      block: 'heading',
      text: params.method === 'forest' ? 'Random forest' : 'Extra trees',
      note: `${formatInteger(own.trees.length)} trees with ${formatInteger(leaves / Math.max(1, own.trees.length))} leaves on average`,
    },
    ...metricBlocks(model),
    ...importanceBlocks(own, model),
  ]
}
