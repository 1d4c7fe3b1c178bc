import { useWorkbench } from '../shell/workbench-context.ts'
import { customMessages } from './custom-messages.ts'

/** Beside the problem of a node of the project that does not run: where one sees what it asks for, and trusts it. */
export function TrustThis() {
  const { view } = useWorkbench()
  return (
    <button type="button" className="button" onClick={() => view.set({ overlay: 'custom-nodes' })}>
      {customMessages.review}
    </button>
  )
}
