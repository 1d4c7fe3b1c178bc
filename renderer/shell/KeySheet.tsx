import { useState } from 'react'
import { useStore } from 'zustand'
import type { CommandGroup } from '../commands/command.ts'
import { commands } from '../commands/commands.ts'
import { type KeyMap, keyMap, keysIn, rememberKeys } from '../commands/key-map.ts'
import { KeyCell } from './KeyCell.tsx'
import { Modal } from './Modal.tsx'
import { messages } from './messages.ts'
import { useWorkbench } from './workbench-context.ts'

const groups: readonly CommandGroup[] = ['run', 'edit', 'add', 'view', 'file', 'go']

/** Every key, made from the list of commands. */
export function KeySheet() {
  const { view } = useWorkbench()
  const map = useStore(keyMap)
  const [said, say] = useState('')
  const close = () => view.set({ overlay: null })
  return (
    <Modal label={messages.keys.title} close={close} wide>
      <div className="key-sheet">
        <header>
          <h2>{messages.keys.title}</h2>
          {Object.keys(map).length > 0 && (
            <button type="button" className="button small quiet" onClick={() => rememberKeys({})}>
              {messages.keys.allUsual}
            </button>
          )}
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
            <KeyGroup key={group} group={group} map={map} say={say} />
          ))}
        </div>
        <p className="small" role="status">
          {said}
        </p>
        <p className="mute small">{messages.keys.drag}</p>
      </div>
    </Modal>
  )
}

interface Row {
  readonly group: CommandGroup
  readonly map: KeyMap
  readonly say: (words: string) => void
}

function KeyGroup({ group, map, say }: Row) {
  const arrows = /^(select|move)-(right|up|down)$/
  const listed = commands.filter(
    (command) =>
      command.group === group &&
      (command.keys.length > 0 || keysIn(map, command).length > 0 || command.id in map) &&
      !arrows.test(command.id),
  )
  return (
    <section>
      <h3>{messages.groups[group]}</h3>
      <dl>
        {listed.map((command) => (
          <div key={command.id}>
            <dt>{command.label}</dt>
            <dd>{fixedKeys(command.id) ?? <KeyCell command={command} map={map} say={say} />}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** Arrows come four at a time and stay what they are. */
function fixedKeys(id: string) {
  if (id === 'select-left') return <kbd>{messages.keys.arrows}</kbd>
  if (id === 'move-left') return <kbd>{messages.keys.altArrows}</kbd>
  return undefined
}
