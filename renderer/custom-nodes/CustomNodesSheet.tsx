import { customMessages } from './custom-messages.ts'
import './custom-nodes.css'
import { useState } from 'react'
import type { CustomNodeEntry, CustomNodes } from '#contract'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'
import { useCustomNodes } from './use-custom-nodes.ts'

/** What the project's own nodes ask for, before any of their code runs. */
export function CustomNodesSheet() {
  const { view } = useWorkbench()
  const custom = useCustomNodes()
  const close = () => view.set({ overlay: null })
  return (
    <Modal label={customMessages.title} close={close} wide>
      <div className="custom-sheet">
        <div className="sheet-head">
          <h2>{customMessages.title}</h2>
          <button type="button" className="button small" onClick={close}>
            {messages.keys.close}
          </button>
        </div>
        {custom && custom.nodes.length > 0 ? <Trust custom={custom} /> : <p className="mute">{customMessages.none}</p>}
      </div>
    </Modal>
  )
}

function Trust({ custom }: { custom: CustomNodes }) {
  const { engine, notices } = useWorkbench()
  const [busy, setBusy] = useState(false)
  const { hash, trusted, following, types, network } = custom
  async function act(work: Promise<unknown>) {
    setBusy(true)
    await work.catch(notices.complain)
    setBusy(false)
  }
  const trust = (follow: boolean) => act(engine.trustCustomNodes({ hash: hash ?? '', follow }))
  return (
    <>
      <p>{trusted ? customMessages.trusted(following) : customMessages.explain}</p>
      <ul>
        {custom.nodes.map((node) => (
          <NodeEntry key={node.name} node={node} />
        ))}
      </ul>
      <p className="mute small" role="status">
        {customMessages.types[types]}
      </p>
      <p className="mute small">{customMessages.limits(network === 'locked')}</p>
      <div className="sheet-foot">
        {hash !== undefined && <small className="mute">{customMessages.content(hash.slice(0, 12))}</small>}
        {trusted && (
          <button type="button" className="button" disabled={busy} onClick={() => act(engine.distrustCustomNodes())}>
            {customMessages.distrust}
          </button>
        )}
        {!following && hash !== undefined && (
          <button type="button" className="button" disabled={busy} onClick={() => trust(true)}>
            {customMessages.follow}
          </button>
        )}
        {!trusted && hash !== undefined && (
          <button type="button" className="button primary" disabled={busy} onClick={() => trust(false)}>
            {customMessages.trust}
          </button>
        )}
      </div>
    </>
  )
}

function NodeEntry({ node }: { node: CustomNodeEntry }) {
  const { name, state, permissions, problems } = node
  const asks = [
    ...(permissions.read.length > 0 ? [customMessages.reads(permissions.read)] : []),
    ...(permissions.network ? [customMessages.network] : []),
    ...(permissions.native ? [customMessages.native] : []),
  ]
  return (
    <li data-state={state}>
      <strong>{name}</strong>
      <span className={state === 'broken' ? 'bad' : state === 'ready' ? 'ok' : 'stale'}>
        {customMessages.states[state]}
      </span>
      <span className="custom-asks">
        {asks.length === 0 ? (
          <span className="mute">{customMessages.asksNothing}</span>
        ) : (
          asks.map((ask) => <span key={ask}>{ask}</span>)
        )}
      </span>
      {problems.map(({ message, fix }) => (
        <p key={message} className="bad small">
          {message} {fix && <span className="mute">{fix}</span>}
        </p>
      ))}
    </li>
  )
}
