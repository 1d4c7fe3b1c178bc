import type { PipelineDocument } from '#contract'
import { messages } from '../shell/messages.ts'
import { useCatalogue } from '../shell/workbench-context.ts'
import { type Change, differenceGroups } from './difference-rows.ts'

const signs: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '~' }

/** Nodes, parameters and wires that differ between two versions, the older at the left. */
export function DifferenceView({ before, after }: { before: PipelineDocument; after: PipelineDocument }) {
  const cards = useCatalogue((state) => state.byType)
  const { groups, moved } = differenceGroups(before, after, cards)
  return (
    <>
      {groups.length === 0 && moved === 0 && <p className="mute">{messages.history.same}</p>}
      {groups.length > 0 && (
        <table className="runs-compare difference">
          <thead>
            <tr>
              <td />
              <th scope="col">{messages.history.earlier}</th>
              <th scope="col">{messages.history.now}</th>
            </tr>
          </thead>
          {groups.map((group) => (
            <tbody key={group.title}>
              <tr className="group">
                <th scope="rowgroup" colSpan={3}>
                  {group.title}
                </th>
              </tr>
              {group.rows.map(({ key, change, name, before: old, after: fresh }) => (
                <tr key={`${change} ${key}`} data-change={change}>
                  <th scope="row">
                    <i aria-hidden="true">{signs[change]}</i> {name}
                  </th>
                  <td>{old}</td>
                  <td>{old === undefined ? messages.history[change] : <mark>{fresh}</mark>}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
      {moved > 0 && <p className="mute small">{messages.history.moved(moved)}</p>}
    </>
  )
}
