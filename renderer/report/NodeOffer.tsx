import type { ReportBlock } from '#contract'
import { insertLike } from '../commands/acts/insert-like.ts'
import { messages } from '../shell/messages.ts'
import { useView, useWorkbench } from '../shell/workbench-context.ts'

/** A node that a result offers, with the button that puts it beside the one it came from. */
export function NodeOffer({ block }: { readonly block: Extract<ReportBlock, { block: 'node' }> }) {
  const workbench = useWorkbench()
  const building = useView((state) => state.room === 'build')
  return (
    <div className="node-offer">
      <span>
        <b>{block.title}</b> {block.text}
      </span>
      {building && (
        <button type="button" className="button small" onClick={() => insertLike(workbench, block.node)}>
          {messages.inspector.putOnCanvas}
        </button>
      )}
    </div>
  )
}
