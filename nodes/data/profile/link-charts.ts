import type { Column, Hash, ReportBlock } from '#contract'

/** The charts of a profile with what they show of the table, so that its rows can be chosen in them. */
export function linkCharts(
  blocks: readonly ReportBlock[],
  columns: readonly Column[],
  table: Hash | undefined,
): readonly ReportBlock[] {
  const byName = new Map(columns.map((column) => [column.name, column]))
  return blocks.map((block) => {
    const column = block.block === 'chart' ? byName.get(block.title) : undefined
    if (block.block !== 'chart' || !column || table === undefined) return block
    const { chart } = block
    if (chart.type === 'histogram') return { ...block, rows: { table, x: column.name } }
    if (chart.type !== 'bars' || column.type !== 'text') return block
    const bars = chart.rows.map(({ label }) => [
      { column: column.name, ...(label === '(empty)' ? { missing: true as const } : { values: [label] }) },
    ])
    return { ...block, rows: { table, bars } }
  })
}
