import type { NodeCheck, PortSchema } from '#contract'
import { messages } from '../shell/messages.ts'
import { useChecks } from '../shell/workbench-context.ts'

/** "15 columns × 48 842 rows" at a port, as far as both are known before or after a run. */
export function usePortSize(node: string, name: string, side: 'input' | 'output'): string {
  return useChecks((state) => portSize(state.check?.nodes[node], name, side))
}

export function portSize(check: NodeCheck | undefined, name: string, side: 'input' | 'output'): string {
  const known = side === 'input' ? check?.inputs[name] : check?.outputs[name]
  const schema = (Array.isArray(known) ? known[0] : known) as PortSchema | undefined
  const made = side === 'output' ? check?.last?.outputs[name] : undefined
  return messages.ports.size(schema?.columns?.length ?? made?.columns, made?.rows ?? schema?.rows)
}
