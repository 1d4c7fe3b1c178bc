import { useRef, useState } from 'react'
import type { ReportBlock } from '#contract'
import { renderBlock, renderBlocks, repeatsHeading } from '#report/render-block'
import { LinkedChart } from '../selection/LinkedChart.tsx'
import { ReportSelection } from '../selection/ReportSelection.tsx'
import { adoptBlockStyle } from './adopt-block-style.ts'
import { BlockHtml } from './BlockHtml.tsx'
import { ChartDialog } from './ChartDialog.tsx'
import { groupBlocks } from './group-blocks.ts'
import { NodeOffer } from './NodeOffer.tsx'
import './report.css'
import { reportMessages as words } from './report-messages.ts'
import { useWidth } from './use-width.ts'

type ChartBlock = Extract<ReportBlock, { block: 'chart' }>

interface ReportViewProps {
  readonly blocks: readonly ReportBlock[]
}

adoptBlockStyle()

interface BlocksProps extends ReportViewProps {
  readonly width: number
  onEnlarge(block: ChartBlock): void
}

function Blocks({ blocks, width, onEnlarge }: BlocksProps) {
  return groupBlocks(blocks).map((group, i) => {
    const [block] = group.blocks
    const key = `${i}-${block!.block}`
    if (block!.block === 'columns') return <Columns key={key} block={block!} width={width} onEnlarge={onEnlarge} />
    if (block!.block === 'node') return <NodeOffer key={key} block={block!} />
    if (block!.block !== 'chart') return <BlockHtml key={key} html={renderBlocks(group.blocks, { width })} />
    const titled = repeatsHeading(group.previous, block!)
    return (
      <div key={key} className="report-chart">
        {block!.rows ? (
          <LinkedChart block={block!} rows={block!.rows} width={width} titled={titled} />
        ) : (
          <BlockHtml html={renderBlock(block!, { width, titled })} />
        )}
        <button
          type="button"
          className="button small report-enlarge"
          aria-label={words.enlargeOf(block!.title)}
          onClick={() => onEnlarge(block!)}
        >
          {words.enlarge}
        </button>
      </div>
    )
  })
}

interface ColumnsProps {
  readonly block: Extract<ReportBlock, { block: 'columns' }>
  readonly width: number
  onEnlarge(block: ChartBlock): void
}

function Columns({ block, width, onEnlarge }: ColumnsProps) {
  const inner = width >= 700 ? (width - 34) / 2 : width
  return (
    <div className="b-columns">
      <div>
        <Blocks blocks={block.left} width={inner} onEnlarge={onEnlarge} />
      </div>
      <div>
        <Blocks blocks={block.right} width={inner} onEnlarge={onEnlarge} />
      </div>
    </div>
  )
}

/** Report blocks in the app: the static pictures of the report, each with a larger one to explore. */
export function ReportView({ blocks }: ReportViewProps) {
  const place = useRef<HTMLDivElement>(null)
  const width = useWidth(place, 306)
  const [large, setLarge] = useState<ChartBlock | null>(null)
  return (
    <div ref={place} className="report-view">
      <ReportSelection blocks={blocks} />
      <Blocks blocks={blocks} width={width} onEnlarge={setLarge} />
      {large && <ChartDialog block={large} onClose={() => setLarge(null)} />}
    </div>
  )
}
