import { historyMessages } from './history-messages.ts'
import './history.css'
import { ViewportPortal } from '@xyflow/react'
import type { PipelineDocument } from '#contract'
import { diffDocuments } from '#graph/versions/diff-documents'
import { useCatalogue, useDocument, useLevel, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'

/** On the canvas: what is gone since the state it is compared with, and how much is new or changed. */
export function ComparisonLayer() {
  const comparison = useView((state) => state.comparison)
  const inside = useLevel((state) => state.path.length > 0)
  if (!comparison || inside) return null
  return <Layer name={comparison.name} before={comparison.document} />
}

function Layer({ name, before }: { name: string; before: PipelineDocument }) {
  const { view } = useWorkbench()
  const after = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const { added, removed, changed } = diffDocuments(before, after)
  const differing = new Set(changed.map(({ node }) => node)).size
  return (
    <>
      <ViewportPortal>
        {removed.map(({ node }) => {
          const [x, y] = before.layout[node] ?? [0, 0]
          return (
            <div key={node} className="gone-node" style={{ transform: `translate(${x}px, ${y}px)` }}>
              <b>{nodeTitle(before, cards, node)}</b>
              <span className="bad">− {historyMessages.removed}</span>
            </div>
          )
        })}
      </ViewportPortal>
      <div className="comparison-bar" role="status">
        <b>{historyMessages.since(name)}</b>
        <span className="mute">{historyMessages.counts(added.length, differing, removed.length)}</span>
        <button type="button" className="button small" onClick={() => view.set({ comparison: null })}>
          {historyMessages.endComparison}
        </button>
      </div>
    </>
  )
}
