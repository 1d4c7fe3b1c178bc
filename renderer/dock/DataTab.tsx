import { PortShape } from '../canvas/PortShape.tsx'
import { useNodeFace } from '../canvas/use-node-face.ts'
import { formatNumber } from '../shell/format.ts'
import { Later, TableViewer } from '../shell/later-rooms.tsx'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument, useView, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'

/** The rows at the selected node's output. */
export function DataTab({ node }: { node: string | null }) {
  if (node === null) return <p className="empty">{messages.dock.noNode}</p>
  return <NodeData node={node} />
}

function NodeData({ node }: { node: string }) {
  const { engine, view } = useWorkbench()
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const wanted = useView((state) => state.dockPort)
  const face = useNodeFace(node)
  const gives = Object.values(cards.get(document.nodes[node]?.type ?? '')?.outputs ?? {})
  const tables = Object.entries(face.step?.outputs ?? {}).filter(([, output]) => output.kind === 'table')
  const [port, table] = tables.find(([name]) => name === wanted) ?? tables[0] ?? []
  if (!table || !TableViewer) {
    const can = gives.some((output) => output.type === 'table')
    return (
      <p className="empty">{can ? messages.dock.notRun(nodeTitle(document, cards, node)) : messages.dock.noTable}</p>
    )
  }
  return (
    <div className="dock-data">
      {tables.length > 1 && (
        <fieldset className="dock-outputs" aria-label={messages.dock.output}>
          {tables.map(([name, output]) => (
            <button
              key={name}
              type="button"
              className="chip"
              aria-pressed={name === port}
              onClick={() => view.set({ dockPort: name })}
            >
              <PortShape type="table" /> {name} <span className="mute">{formatNumber(output.rows ?? 0)}</span>
            </button>
          ))}
        </fieldset>
      )}
      <div className="dock-table">
        <Later>
          <TableViewer key={table.hash} engine={engine} table={table.hash} />
        </Later>
      </div>
    </div>
  )
}
