import type { Chart, ReportBlock } from '#contract'
import { type BlockOptions, defaultWidth } from './block-options.ts'
import { inlineHtml } from './escape.ts'
import { histogram } from './histogram.ts'
import { horizontalBars } from './horizontal-bars.ts'
import { layersChart } from './layers-chart.ts'
import { matrixChart } from './matrix-chart.ts'
import { parallelChart } from './parallel-chart.ts'
import { pictureChart } from './picture-chart.ts'
import { swarmChart } from './swarm-chart.ts'
import { waterfallChart } from './waterfall-chart.ts'
import { xyChart } from './xy-chart.ts'

/** A chart as a static picture. */
export function chartSvg(chart: Chart, title: string, width = defaultWidth): string {
  switch (chart.type) {
    case 'bars':
      return horizontalBars(chart, title, width)
    case 'histogram':
      return histogram(chart, title, width)
    case 'layers':
      return layersChart(chart, title, width)
    case 'matrix':
      return matrixChart(chart, title, width)
    case 'parallel':
      return parallelChart(chart, title, width)
    case 'swarm':
      return swarmChart(chart, title, width)
    case 'waterfall':
      return waterfallChart(chart, title, width)
    case 'picture':
      return pictureChart(chart, title, width)
    default:
      return xyChart(chart, title, width)
  }
}

export function chartBlock(block: Extract<ReportBlock, { block: 'chart' }>, options: BlockOptions = {}): string {
  const title = options.titled ? '' : `<h3 class="b-title">${inlineHtml(block.title)}</h3>`
  const note = block.note ? `<p class="b-under">${inlineHtml(block.note)}</p>` : ''
  const wide = chartSvg(block.chart, block.title, options.width)
  const { width = defaultWidth, narrow } = options
  const both =
    narrow && width > narrow
      ? `<div class="b-wide">${wide}</div><div class="b-narrow">${chartSvg(block.chart, block.title, narrow)}</div>`
      : wide
  return `<figure class="b-chart">${title}${note}${both}</figure>`
}
