import { useEffect, useState } from 'react'
import { PortShape } from '../canvas/PortShape.tsx'
import { goToNode } from '../commands/acts/levels.ts'
import { selectionMessages } from '../selection/selection-messages.ts'
import { formatNumber } from '../shell/format.ts'
import { Later, loadAhead, TablePlot, TableViewer } from '../shell/later-rooms.tsx'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useChecks, useDocument, useRuns, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { shownTables } from './shown-tables.ts'

/** Once the pipeline itself has opened. */
const loadAheadMs = 1_000

/** The rows at the selected node, or on the selected wire from its port. */
export function DataTab({ node, port }: { node: string | null; port?: string | undefined }) {
  useEffect(() => {
    const timer = setTimeout(() => void loadAhead(), loadAheadMs)
    return () => clearTimeout(timer)
  }, [])
  if (node === null) return <p className="empty">{messages.dock.noNode}</p>
  return <NodeData node={node} port={port} />
}

function NodeData({ node, port: wired }: { node: string; port: string | undefined }) {
  const workbench = useWorkbench()
  const { engine, view } = workbench
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const checks = useChecks((state) => state)
  const runs = useRuns((state) => state)
  const wanted = useView((state) => state.dockPort) ?? wired
  const tables = shownTables(node, document, checks, runs)
  const [plotted, setPlotted] = useState(false)
  const shown = tables.find(({ port }) => port === wanted) ?? tables[0]
  if (!shown) {
    const card = cards.get(document.nodes[node]?.type ?? '')
    const ports = [...Object.values(card?.inputs ?? {}), ...Object.values(card?.outputs ?? {})]
    const can = ports.some((port) => port.type === 'table')
    const text = can ? messages.dock.notRun(nodeTitle(document, cards, node)) : messages.dock.noTable
    return <p className="empty">{text}</p>
  }
  const { hash } = shown.artifact
  const { show, rows } = selectionMessages.plot
  const toggle = (
    <button type="button" className="button small" onClick={() => setPlotted(!plotted)}>
      {plotted ? rows : show}
    </button>
  )
  return (
    <div className="dock-data">
      {(tables.length > 1 || shown.side === 'input') && (
        <fieldset className="dock-outputs" aria-label={messages.dock.output}>
          {tables.map(({ port, side, artifact }) => (
            <button
              key={`${side} ${port} ${artifact.hash}`}
              type="button"
              className="chip"
              aria-pressed={port === shown.port}
              onClick={() => view.set({ dockPort: port })}
            >
              <PortShape type="table" /> {side === 'input' ? `${messages.ports.input} ${port}` : port}
              <span className="mute">{formatNumber(artifact.rows ?? 0)}</span>
            </button>
          ))}
        </fieldset>
      )}
      <div className="dock-table">
        <Later>
          {plotted ? (
            <TablePlot key={hash} table={shown.artifact} back={toggle} />
          ) : (
            <TableViewer
              key={hash}
              engine={engine}
              table={shown.artifact}
              goTo={(id) => goToNode(workbench, id)}
              more={toggle}
            />
          )}
        </Later>
      </div>
    </div>
  )
}
