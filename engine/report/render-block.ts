import type { ReportBlock } from '#contract'
import type { BlockOptions } from './block-options.ts'
import { chartBlock } from './chart-block.ts'
import { columnsBlock } from './columns-block.ts'
import { gatesBlock } from './gates-block.ts'
import { headingBlock } from './heading-block.ts'
import { metricBlock } from './metric-block.ts'
import { nodeBlock } from './node-block.ts'
import { personBlock } from './person-block.ts'
import { reviewBlock } from './review-block.ts'
import { tableBlock } from './table-block.ts'
import { textBlock } from './text-block.ts'
import { verdictBlock } from './verdict-block.ts'
import { wordsBlock } from './words-block.ts'

/** A block as HTML. Everything in it is escaped; its looks come from `blockStyle` and the colour tokens around it. */
export function renderBlock(block: ReportBlock, options: BlockOptions = {}): string {
  switch (block.block) {
    case 'heading':
      return headingBlock(block)
    case 'text':
      return textBlock(block)
    case 'metric':
      return metricBlock(block)
    case 'table':
      return tableBlock(block)
    case 'chart':
      return chartBlock(block, options)
    case 'gates':
      return gatesBlock(block)
    case 'verdict':
      return verdictBlock(block)
    case 'columns':
      return columnsBlock(block, options, renderBlocks)
    case 'person':
      return personBlock(block)
    case 'words':
      return wordsBlock(block)
    case 'node':
      return nodeBlock(block)
    case 'review':
      return reviewBlock(block)
  }
}

/** Whether a chart's title just repeats the heading above it. */
export function repeatsHeading(previous: ReportBlock | undefined, block: ReportBlock): boolean {
  return previous?.block === 'heading' && block.block === 'chart' && previous.text === block.title
}

/** Blocks in order; figures that follow each other stand in one row. */
export function renderBlocks(blocks: readonly ReportBlock[], options: BlockOptions = {}): string {
  let html = ''
  for (const [i, block] of blocks.entries()) {
    const metric = block.block === 'metric'
    if (metric && blocks[i - 1]?.block !== 'metric') html += '<div class="b-metrics">'
    html += renderBlock(block, { ...options, titled: repeatsHeading(blocks[i - 1], block) })
    if (metric && blocks[i + 1]?.block !== 'metric') html += '</div>'
  }
  return html
}
