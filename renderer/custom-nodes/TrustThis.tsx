import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'

/** Beside the problem of a node of the project that does not run: where one sees what it asks for, and trusts it. */
export function TrustThis() {
  const { view } = useWorkbench()
  return (
    <button type="button" className="button" onClick={() => view.set({ overlay: 'custom-nodes' })}>
      {messages.custom.review}
    </button>
  )
}
