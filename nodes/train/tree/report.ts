import type { BlockCell, Model, ReportBlock } from '#contract'
import type { TreeEnsemble } from '#ml/trees/ensemble'
import { formatInteger, formatNumber, formatPercent } from '#report/format-number'
import { importanceBlocks, metricBlocks } from '../tree-report.ts'

const mostRules = 40

export function treeReport(model: Model, ensemble: TreeEnsemble): ReportBlock[] {
  const rules = rulesOf(ensemble, model)
  const left = rules.length - mostRules
  return [
    { block: 'heading', text: 'Decision tree', note: `${formatInteger(rules.length)} leaves` },
    ...metricBlocks(model),
    {
      block: 'table',
      title: 'The rules',
      columns: ['Rows', 'If', 'Then', ...(model.classes ? ['Share'] : [])],
      rows: rules.slice(0, mostRules),
      note: `Each row keeps exactly one. Rows are those it was grown on.${left > 0 ? ` ${formatInteger(left)} more for fewer rows.` : ''}`,
    },
    ...importanceBlocks({ ...ensemble, trees: ensemble.trees.slice(0, 1) }, model),
  ]
}

/** Leaves as sentences, those that most rows keep first. */
function rulesOf({ trees, outputs }: TreeEnsemble, { classes, matrix }: Model): BlockCell[][] {
  const first = trees[0]!
  const found: { readonly rows: number; readonly cells: BlockCell[] }[] = []
  const walk = (node: number, conditions: readonly string[]) => {
    const place = first.feature[node]!
    if (place < 0) {
      const values = Array.from({ length: outputs }, (_, k) => trees[k]!.value[node]!)
      const top = values.indexOf(Math.max(...values))
      const then = classes ? [classes[top]!, formatPercent(values[top]!)] : [formatNumber(values[0]!)]
      const rows = first.cover[node]!
      found.push({ rows, cells: [Math.round(rows), conditions.join(' and ') || 'always', ...then] })
      return
    }
    const { name, source } = matrix?.[place] ?? { name: `column ${place + 1}`, source: '' }
    const missing = first.missingLeft[node]! === 1
    const cut = formatNumber(first.threshold[node]!, 4)
    const level = source !== '' && name !== source
    walk(first.left[node]!, [...conditions, level ? `not ${name}` : `${name} ≤ ${cut}${missing ? ' or missing' : ''}`])
    walk(first.right[node]!, [...conditions, level ? name : `${name} > ${cut}${missing ? '' : ' or missing'}`])
  }
  walk(0, [])
  return found.sort((a, b) => b.rows - a.rows).map(({ cells }) => cells)
}
