import { useEffect, useRef } from 'react'
import type { ReportBlock } from '#contract'
import { chartSvg } from '#report/chart-block'
import { LinkedPlot } from '../selection/LinkedPlot.tsx'
import { BlockHtml } from './BlockHtml.tsx'
import { ParallelChart } from './ParallelChart.tsx'
import { PlotlyChart } from './PlotlyChart.tsx'
import { reportMessages as words } from './report-messages.ts'

interface ChartDialogProps {
  readonly block: Extract<ReportBlock, { block: 'chart' }>
  onClose(): void
}

/** One chart over the whole window. Escape closes it and focus goes back to where it came from. */
export function ChartDialog({ block, onClose }: ChartDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog ref={dialog} className="report-dialog" aria-label={block.title} onClose={onClose}>
      <header>
        <h2>{block.title}</h2>
        <button type="button" className="button" onClick={onClose}>
          {words.close}
        </button>
      </header>
      {block.note && <p className="mute">{block.note}</p>}
      {block.chart.type === 'parallel' ? (
        <ParallelChart chart={block.chart} title={block.title} />
      ) : block.chart.type === 'layers' ? (
        <div className="report-layers">
          <BlockHtml html={chartSvg(block.chart, block.title)} />
        </div>
      ) : block.rows ? (
        <LinkedPlot block={block} chart={block.chart} rows={block.rows} />
      ) : (
        <PlotlyChart chart={block.chart} title={block.title} />
      )}
    </dialog>
  )
}
