import { memo } from 'react'
import type { PortType } from '#contract'

const paths: Readonly<Record<PortType, string>> = {
  table: 'M3 4h12v10H3zM3 7.5h12M3 11h12M8 7.5V14',
  schema: 'M4 9.5l3.3 3.3L14 5.5',
  model: 'M9 2.5l5.6 3.2v6.6L9 15.5l-5.6-3.2V5.7z',
  evaluation: 'M9 3a6 6 0 1 0 .01 0M9 7.6a1.4 1.4 0 1 0 .01 0',
  explanation: 'M9 3v12M3.8 6l10.4 6M14.2 6L3.8 12',
  report: 'M4.5 2.5h9v13h-9zM7 6.5h4M7 9.5h4M7 12.5h2.5',
  release: 'M9 14.5v-11M4.5 8L9 3.5 13.5 8',
  monitor: 'M2.5 9.5h3l2-5 3 9 2-4h3',
}

/** The tile that tells a node's kind: a glyph on the colour of its main port. */
export const NodeGlyph = memo(function NodeGlyph({ type }: { type: PortType }) {
  return (
    <span className="node-glyph" data-type={type}>
      <svg width="16" height="16" viewBox="0 0 18 18" aria-hidden="true">
        <path
          d={paths[type]}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.8"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
    </span>
  )
})
