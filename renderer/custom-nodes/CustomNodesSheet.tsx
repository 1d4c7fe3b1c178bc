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
    <Modal label={messages.custom.title} close={close} wide>
      <div className="custom-sheet">
        <div className="sheet-head">
          <h2>{messages.custom.title}</h2>
          <button type="button" className="button small" onClick={close}>
            {messages.keys.close}
          </button>
        </div>
        {custom && custom.nodes.length > 0 ? <Trust custom={custom} /> : <p className="mute">{messages.custom.none}</p>}
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
      <p>{trusted ? messages.custom.trusted(following) : messages.custom.explain}</p>
      <ul>
        {custom.nodes.map((node) => (
          <NodeEntry key={node.name} node={node} />
        ))}
      </ul>
      <p className="mute small" role="status">
        {messages.custom.types[types]}
      </p>
      <p className="mute small">{messages.custom.limits(network === 'locked')}</p>
      <div className="sheet-foot">
        {hash !== undefined && <small className="mute">{messages.custom.content(hash.slice(0, 12))}</small>}
        {trusted && (
          <button type="button" className="button" disabled={busy} onClick={() => act(engine.distrustCustomNodes())}>
            {messages.custom.distrust}
          </button>
        )}
        {!following && hash !== undefined && (
          <button type="button" className="button" disabled={busy} onClick={() => trust(true)}>
            {messages.custom.follow}
          </button>
        )}
        {!trusted && hash !== undefined && (
          <button type="button" className="button primary" disabled={busy} onClick={() => trust(false)}>
            {messages.custom.trust}
          </button>
        )}
      </div>
    </>
  )
}

function NodeEntry({ node }: { node: CustomNodeEntry }) {
  const { name, state, permissions, problems } = node
  const asks = [
    ...(permissions.read.length > 0 ? [messages.custom.reads(permissions.read)] : []),
    ...(permissions.network ? [messages.custom.network] : []),
    ...(permissions.native ? [messages.custom.native] : []),
  ]
  return (
    <li data-state={state}>
      <strong>{name}</strong>
      <span className={state === 'broken' ? 'bad' : state === 'ready' ? 'ok' : 'stale'}>
        {messages.custom.states[state]}
      </span>
      <span className="custom-asks">
        {asks.length === 0 ? (
          <span className="mute">{messages.custom.asksNothing}</span>
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
