import type { PipelineDocument } from '#contract'
import { useCatalogue } from '../shell/workbench-context.ts'
import { type Change, differenceGroups } from './difference-rows.ts'
import { historyMessages } from './history-messages.ts'

const signs: Readonly<Record<Change, string>> = { added: '+', removed: '−', changed: '~' }

/** Nodes, parameters and wires that differ between two versions, the older at the left. */
export function DifferenceView({ before, after }: { before: PipelineDocument; after: PipelineDocument }) {
  const cards = useCatalogue((state) => state.byType)
  const { groups, moved } = differenceGroups(before, after, cards)
  return (
    <>
      {groups.length === 0 && moved === 0 && <p className="mute">{historyMessages.same}</p>}
      {groups.length > 0 && (
        <table className="runs-compare difference">
          <thead>
            <tr>
              <td />
              <th scope="col">{historyMessages.earlier}</th>
              <th scope="col">{historyMessages.now}</th>
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
                  <td>{old === undefined ? historyMessages[change] : <mark>{fresh}</mark>}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      )}
      {moved > 0 && <p className="mute small">{historyMessages.moved(moved)}</p>}
    </>
  )
}
