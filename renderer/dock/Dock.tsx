import './dock.css'
import { useNodeFace } from '../canvas/use-node-face.ts'
import { formatNumber } from '../shell/format.ts'
import { Guard } from '../shell/Guard.tsx'
import { messages } from '../shell/messages.ts'
import { Resizer } from '../shell/Resizer.tsx'
import { Tabs } from '../shell/Tabs.tsx'
import { useCatalogue, useChecks, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import type { NodeFace } from '../state/node-face.ts'
import { type DockTab, focusedNode } from '../state/view-store.ts'
import { focusedWire } from '../wires/focused-wire.ts'
import { AdviceTab } from './AdviceTab.tsx'
import { ColumnsTab } from './ColumnsTab.tsx'
import { DataTab } from './DataTab.tsx'
import { LogTab } from './LogTab.tsx'
import { TimelineTab } from './TimelineTab.tsx'

const tabIds = ['data', 'columns', 'timeline', 'log', 'advice'] as const
const tabs = tabIds.map((id) => ({ id, title: messages.dock.tabs[id] }))

/** Rows, columns, times and log of the selection, under the canvas. */
export function Dock() {
  const { view } = useWorkbench()
  const chosen = useView((state) => state.dockTab)
  const open = useView((state) => state.dockOpen)
  const selection = useView((state) => state.selection)
  const nodes = useDocument((state) => state.document.nodes)
  const wire = focusedWire(selection)
  const node = focusedNode(selection, nodes) ?? wire?.node ?? null
  const height = useView((state) => state.dockHeight)
  const findings = useChecks((state) => state.check?.lint.length ?? 0)
  return (
    <section className="dock" aria-label={messages.dock.label} data-open={open || undefined}>
      {open && <Resizer label={messages.dock.height} what="dockHeight" size={height} least={120} most={700} />}
      <Tabs<DockTab>
        label={messages.dock.label}
        tabs={tabs.map((tab) => (tab.id === 'advice' && findings > 0 ? { ...tab, note: String(findings) } : tab))}
        chosen={chosen}
        choose={(dockTab) => view.set({ dockTab, dockOpen: true })}
      >
        <span className="spacer" />
        {node !== null && <Summary node={node} />}
        <button
          type="button"
          className="dock-toggle"
          aria-expanded={open}
          aria-label={open ? messages.dock.close : messages.dock.open}
          onClick={() => view.set({ dockOpen: !open })}
        >
          {open ? '▾' : '▴'}
        </button>
      </Tabs>
      {open && (
        <div className="dock-body" role="tabpanel" aria-label={messages.dock.tabs[chosen]}>
          <Guard of={`${chosen} ${node}`}>
            {chosen === 'data' && <DataTab key={node} node={node} port={wire?.port} />}
            {chosen === 'columns' && <ColumnsTab node={node} />}
            {chosen === 'timeline' && <TimelineTab />}
            {chosen === 'log' && <LogTab node={node} />}
            {chosen === 'advice' && <AdviceTab />}
          </Guard>
        </div>
      )}
    </section>
  )
}

function Summary({ node }: { node: string }) {
  const title = useDocument((state) => state.document.nodes[node]?.title)
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const face = useNodeFace(node)
  const size = outputSizes(face)
  return (
    <span className="mute small dock-summary">
      {title ?? nodeTitle(document, cards, node)}
      {size !== '' && ` → ${size}`}
    </span>
  )
}

/** "48 842 rows × 15 columns · rejected 31" */
function outputSizes({ step }: NodeFace): string {
  const tables = Object.entries(step?.outputs ?? {}).filter(([, output]) => output.kind === 'table')
  return tables
    .map(([name, { rows, columns }], index) =>
      index === 0 ? messages.ports.size(columns, rows) : `${name} ${formatNumber(rows ?? 0)}`,
    )
    .join(' · ')
}
