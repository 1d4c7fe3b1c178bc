import type { CommandGroup } from '../commands/command.ts'
import { commands } from '../commands/commands.ts'
import { keyLabel } from '../commands/keys.ts'
import { Modal } from './Modal.tsx'
import { messages } from './messages.ts'
import { useWorkbench } from './workbench-context.ts'

const groups: readonly CommandGroup[] = ['run', 'edit', 'add', 'view', 'file', 'go']

/** Every key, made from the list of commands. */
export function KeySheet() {
  const { view } = useWorkbench()
  const close = () => view.set({ overlay: null })
  return (
    <Modal label={messages.keys.title} close={close} wide>
      <div className="key-sheet">
        <header>
          <h2>{messages.keys.title}</h2>
          <button
            type="button"
            className="button small"
            // biome-ignore lint/a11y/noAutofocus: the dialog was just opened
            autoFocus
            onClick={close}
          >
            {messages.keys.close}
          </button>
        </header>
        <p className="mute">{messages.keys.intro}</p>
        <div className="key-groups">
          {groups.map((group) => (
            <KeyGroup key={group} group={group} />
          ))}
        </div>
        <p className="mute small">{messages.keys.drag}</p>
      </div>
    </Modal>
  )
}

function KeyGroup({ group }: { group: CommandGroup }) {
  const arrows = /^(select|move)-(right|up|down)$/
  const listed = commands.filter(
    (command) => command.group === group && command.keys.length > 0 && !arrows.test(command.id),
  )
  return (
    <section>
      <h3>{messages.groups[group]}</h3>
      <dl>
        {listed.map((command) => (
          <div key={command.id}>
            <dt>{command.label}</dt>
            <dd>{keysOf(command.id, command.keys)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function keysOf(id: string, keys: readonly string[]) {
  if (id === 'select-left') return <kbd>{messages.keys.arrows}</kbd>
  if (id === 'move-left') return <kbd>{messages.keys.altArrows}</kbd>
  return keys.slice(0, 2).map((key) => <kbd key={key}>{keyLabel(key)}</kbd>)
}
