import type { LineageGraph } from '#contract'
import { kindWords } from './kind-words.ts'
import { lineageMessages as words } from './lineage-messages.ts'

interface LineageListProps {
  readonly graph: LineageGraph
  readonly selected: string | undefined
  onSelect(id: string): void
}

/** The same graph as a table: what each thing was made from and what was made from it. */
export function LineageList({ graph, selected, onSelect }: LineageListProps) {
  const labels = new Map(graph.vertices.map((vertex) => [vertex.id, vertex.label]))
  const names = (ids: readonly string[]) => ids.map((id) => labels.get(id) ?? id).join(', ')
  return (
    <div className="lineage-scroll">
      <table className="lineage-list">
        <thead>
          <tr>
            <th scope="col">{words.name}</th>
            <th scope="col">{words.kind}</th>
            <th scope="col">{words.detail}</th>
            <th scope="col">{words.madeFrom}</th>
            <th scope="col">{words.usedBy}</th>
          </tr>
        </thead>
        <tbody>
          {graph.vertices.map((vertex) => (
            <tr key={vertex.id} className={vertex.id === selected ? 'selected' : ''}>
              <th scope="row">
                <button type="button" aria-pressed={vertex.id === selected} onClick={() => onSelect(vertex.id)}>
                  {vertex.label}
                </button>
              </th>
              <td>{kindWords[vertex.kind]}</td>
              <td className="mute">{vertex.detail}</td>
              <td>{names(graph.arrows.filter((arrow) => arrow.to === vertex.id).map((arrow) => arrow.from))}</td>
              <td>{names(graph.arrows.filter((arrow) => arrow.from === vertex.id).map((arrow) => arrow.to))}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
