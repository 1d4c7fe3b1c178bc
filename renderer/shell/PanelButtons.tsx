import type { Command } from '../commands/command.ts'
import { runCommand } from '../commands/run-command.ts'
import { toggleInspector } from '../commands/toggle-inspector.ts'
import { togglePalette } from '../commands/toggle-palette.ts'
import { messages } from './messages.ts'
import { useView, useWorkbench } from './workbench-context.ts'

/** In a narrow window, or one that is enlarged, the panels beside the canvas lie over it and are opened from the bar. */
export function PanelButtons() {
  const workbench = useWorkbench()
  const room = useView((state) => state.room)
  const palette = useView((state) => state.paletteOpen)
  const inspector = useView((state) => state.inspectorOpen)
  if (room !== 'build') return null
  const button = (command: Command, sign: string, label: string, open: boolean) => (
    <button
      type="button"
      className="button"
      aria-label={label}
      title={label}
      aria-pressed={open}
      onClick={() => runCommand(command, workbench)}
    >
      <span aria-hidden="true">{sign}</span>
    </button>
  )
  return (
    <span className="panel-buttons">
      {button(togglePalette, '◧', messages.palette.label, palette)}
      {button(toggleInspector, '◨', messages.inspector.label, inspector)}
    </span>
  )
}
