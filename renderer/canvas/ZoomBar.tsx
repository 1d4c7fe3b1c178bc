import type { Command } from '../commands/command.ts'
import { fit } from '../commands/fit.ts'
import { runCommand } from '../commands/run-command.ts'
import { tidy } from '../commands/tidy.ts'
import { zoomActual } from '../commands/zoom-actual.ts'
import { zoomIn } from '../commands/zoom-in.ts'
import { zoomOut } from '../commands/zoom-out.ts'
import { formatPercent } from '../shell/format.ts'
import { messages } from '../shell/messages.ts'
import { useView, useWorkbench } from '../shell/workbench-context.ts'

/** − 86 % + Fit Tidy */
export function ZoomBar() {
  const workbench = useWorkbench()
  const zoom = useView((state) => state.zoom)
  const button = (command: Command, text: string, label: string) => (
    <button type="button" className="button small" aria-label={label} onClick={() => runCommand(command, workbench)}>
      {text}
    </button>
  )
  return (
    <div className="zoom-bar">
      {button(zoomOut, '−', messages.canvas.zoomOut)}
      {button(zoomActual, formatPercent(zoom), `${formatPercent(zoom)}, ${messages.canvas.zoomActual}`)}
      {button(zoomIn, '+', messages.canvas.zoomIn)}
      {button(fit, messages.canvas.fit, messages.canvas.fit)}
      {button(tidy, messages.canvas.tidy, messages.canvas.tidy)}
    </div>
  )
}
