import { NodePalette } from '../palette/NodePalette.tsx'
import { useView, useWorkbench } from '../shell/workbench-context.ts'
import { Outline } from './Outline.tsx'
import { outlineMessages } from './outline-messages.ts'

/** Left of the canvas: the nodes there are to add, or the pipeline as a tree. */
export function SidePanel() {
  const { view } = useWorkbench()
  const outline = useView((state) => state.outline)
  return (
    <div className="side-panel">
      <div className="segments">
        <button type="button" aria-pressed={!outline} onClick={() => view.set({ outline: false })}>
          {outlineMessages.nodes}
        </button>
        <button type="button" aria-pressed={outline} onClick={() => view.set({ outline: true })}>
          {outlineMessages.label}
        </button>
      </div>
      {outline ? <Outline /> : <NodePalette />}
    </div>
  )
}
