import { useEffect, useRef } from 'react'
import { commands } from '../commands/commands.ts'
import { keysOf } from '../commands/key-map.ts'
import { keyLabel } from '../commands/keys.ts'
import { canRun, runCommand } from '../commands/run-command.ts'
import { messages } from './messages.ts'
import { Popover } from './Popover.tsx'
import { useView, useWorkbench } from './workbench-context.ts'

/** The commands that fit what was right-clicked. */
export function ContextMenu() {
  const menu = useView((state) => state.menu)
  const workbench = useWorkbench()
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (menu) list.current?.querySelector('button')?.focus()
  }, [menu])
  if (!menu) return null
  const close = () => workbench.view.set({ menu: null })
  const listed = commands.filter((command) => command.menu?.includes(menu.about) && canRun(command, workbench))
  return (
    <Popover at={menu.screen} width={220} label={messages.groups.edit} close={close}>
      <div className="menu" role="menu" ref={list} onKeyDown={walkMenu} tabIndex={-1}>
        {listed.map((command) => (
          <button
            key={command.id}
            type="button"
            role="menuitem"
            onClick={() => {
              const run = runCommand(command, workbench)
              close()
              return run
            }}
          >
            {command.label}
            {keysOf(command)[0] && <kbd>{keyLabel(keysOf(command)[0]!)}</kbd>}
          </button>
        ))}
      </div>
    </Popover>
  )
}

/** Up and down through the items of a menu. */
export function walkMenu(event: React.KeyboardEvent<HTMLElement>) {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
  event.stopPropagation()
  if (step === 0) return
  event.preventDefault()
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  items[(items.indexOf(event.target as HTMLElement) + step + items.length) % items.length]?.focus()
}
