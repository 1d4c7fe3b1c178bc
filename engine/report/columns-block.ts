import type { ReportBlock } from '#contract'
import { type BlockOptions, defaultWidth } from './block-options.ts'

/** Two columns side by side where there is room for both, else one under the other. */
export function columnsBlock(
  block: Extract<ReportBlock, { block: 'columns' }>,
  options: BlockOptions,
  renderAll: (blocks: readonly ReportBlock[], options: BlockOptions) => string,
): string {
  const width = options.width ?? defaultWidth
  const inner = { ...options, titled: false, width: width >= 700 ? (width - 34) / 2 : width }
  return `<div class="b-columns"><div>${renderAll(block.left, inner)}</div><div>${renderAll(block.right, inner)}</div></div>`
}
