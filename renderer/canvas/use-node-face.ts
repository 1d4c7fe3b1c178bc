import { useShallow } from 'zustand/react/shallow'
import { useChecks, useRuns } from '../shell/workbench-context.ts'
import { type NodeFace, nodeFace } from '../state/node-face.ts'

/** The face of one node; it changes only when something that this node shows does. */
export function useNodeFace(id: string): NodeFace {
  const check = useChecks((state) => state.check?.nodes[id])
  return useRuns(useShallow((state) => nodeFace(id, check, state)))
}
