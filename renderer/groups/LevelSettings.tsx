import './groups.css'
import { portAddress } from '#graph/adjacency'
import { hideSetting } from '#graph/groups/group-acts'
import { portOfType } from '#graph/groups/group-ids'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { groupMessages } from './group-messages.ts'

/** The group we are in: its name, what it shows outside, its ports. */
export function LevelSettings() {
  const { documents } = useWorkbench()
  const document = useDocument((state) => state.document)
  const cards = useCatalogue((state) => state.byType)
  const { name, inputs, nodes } = document
  const ports = Object.keys(nodes).flatMap((id) => {
    const port = portOfType(nodes[id]!.type)
    return port ? [{ id, ...port }] : []
  })
  return (
    <>
      <header className="inspector-head">
        <span className="inspector-family mute">{groupMessages.group}</span>
        <h2>{name}</h2>
      </header>
      <div className="inspector-body parameter-form">
        <label className="stacked">
          {groupMessages.name}
          <input
            className="field"
            value={name}
            onChange={(event) =>
              event.target.value !== '' &&
              documents.edit(messages.edits.rename, (old) => ({ ...old, name: event.target.value }), 'name')
            }
          />
        </label>
        <section>
          <h3>{groupMessages.settings}</h3>
          {Object.keys(inputs).length === 0 && <p className="mute">{groupMessages.noSettings}</p>}
          <dl className="facts">
            {Object.entries(inputs).map(([input, target]) => {
              const at = portAddress(target)
              return (
                <div key={input}>
                  <dt>{input}</dt>
                  <dd>
                    {nodeTitle(document, cards, at.node)} · {at.port}{' '}
                    <button
                      type="button"
                      className="setting-share"
                      aria-label={`${groupMessages.hideSetting}: ${input}`}
                      title={groupMessages.hideSetting}
                      onClick={() =>
                        documents.edit(groupMessages.edits.hide(input), (old) => hideSetting(old, at.node, at.port))
                      }
                    >
                      ×
                    </button>
                  </dd>
                </div>
              )
            })}
          </dl>
        </section>
        <section>
          <h3>{groupMessages.ports}</h3>
          <dl className="facts">
            {ports.map(({ id, side, type }) => (
              <div key={id}>
                <dt>{groupMessages.port[side]}</dt>
                <dd>
                  {id} · {messages.portTypes[type]}
                </dd>
              </div>
            ))}
          </dl>
          <p className="mute small">{groupMessages.portsHow}</p>
        </section>
      </div>
    </>
  )
}
