import type { Column, NodeCheck } from '#contract'
import { messages } from '../shell/messages.ts'
import { useChecks } from '../shell/workbench-context.ts'

/** The columns at the selected node, known before any run. */
export function ColumnsTab({ node }: { node: string | null }) {
  const check = useChecks((state) => (node === null ? undefined : state.check?.nodes[node]))
  if (node === null) return <p className="empty">{messages.dock.noNode}</p>
  const columns = columnsOf(check)
  if (!columns) return <p className="empty">{messages.dock.noColumns}</p>
  return (
    <table className="dock-columns">
      <thead>
        <tr>
          <th>{messages.dock.column}</th>
          <th>{messages.dock.type}</th>
          <th>{messages.dock.role}</th>
          <th>{messages.dock.missing}</th>
        </tr>
      </thead>
      <tbody>
        {columns.map((column) => (
          <tr key={column.name}>
            <td>
              <b>{column.name}</b>
            </td>
            <td>{column.type}</td>
            <td>{column.role ?? 'feature'}</td>
            <td>{column.nullable ? messages.dock.yes : messages.dock.no}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Of the first output that has columns, else of the first input. */
function columnsOf(check: NodeCheck | undefined): readonly Column[] | undefined {
  const schemas = [...Object.values(check?.outputs ?? {}), ...Object.values(check?.inputs ?? {}).flat()]
  return schemas.map((schema) => schema?.columns ?? schema?.features).find((columns) => columns !== undefined)
}
