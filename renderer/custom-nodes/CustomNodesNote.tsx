import { customMessages } from './custom-messages.ts'
import './custom-nodes.css'
import { useWorkbench } from '../shell/workbench-context.ts'
import { useCustomNodes } from './use-custom-nodes.ts'

/**
 * In the palette: nodes of the project that wait to be trusted, at the top, and those that are broken, at the bottom. Ready
 * ones stand among the others.
 */
export function CustomNodesNote({ at }: { at: 'top' | 'bottom' }) {
  const { view } = useWorkbench()
  const custom = useCustomNodes()
  if (!custom || custom.nodes.length === 0) return null
  const waiting = custom.nodes.filter(({ state }) => state === 'untrusted')
  const broken = custom.nodes.filter(({ state }) => state === 'broken')
  if ((at === 'top') !== waiting.length > 0) return null
  const open = () => view.set({ overlay: 'custom-nodes' })
  return (
    <section className="custom-note" data-at={at} aria-label={customMessages.title}>
      {waiting.length > 0 && <p>{customMessages.waiting(waiting.length)}</p>}
      {broken.map(({ name, problems }) => (
        <button key={name} type="button" className="palette-item custom-broken" onClick={open}>
          <span className="bad" aria-hidden="true">
            ✕
          </span>
          <span>
            {name}
            <span className="visually-hidden">{customMessages.states.broken}</span>
            {problems[0] && <small className="mute">{problems[0].message}</small>}
          </span>
        </button>
      ))}
      <button type="button" className={waiting.length > 0 ? 'button small' : 'link small'} onClick={open}>
        {waiting.length > 0 ? customMessages.review : customMessages.open}
      </button>
    </section>
  )
}
