import type { PipelineEdge } from '#contract'
import { portOfType } from '#graph/groups/group-ids'
import { groupOfNode } from '#graph/groups/group-of-node'
import { wireId } from '../../state/edits/connect.ts'
import { focusedNode } from '../../state/view-store.ts'
import type { Workbench } from '../../state/workbench.ts'

export function selectedNodes({ view, documents }: Workbench): ReadonlySet<string> {
  const { nodes } = documents.getState().document
  return new Set([...view.getState().selection].filter((id) => Object.hasOwn(nodes, id)))
}

export function selectedNode({ view, documents }: Workbench): string | null {
  return focusedNode(view.getState().selection, documents.getState().document.nodes)
}

/** Selected nodes that do something: ports of the group we are in left out. */
export function selectedSteps(workbench: Workbench): ReadonlySet<string> {
  const { nodes } = workbench.documents.getState().document
  return new Set([...selectedNodes(workbench)].filter((id) => !portOfType(nodes[id]!.type)))
}

/** The only selected node, where it stands for a group. */
export function selectedGroup(workbench: Workbench): string | null {
  const { document } = workbench.documents.getState()
  const node = selectedNode(workbench)
  return node !== null && groupOfNode(document.groups, document.nodes[node]) ? node : null
}

export function selectedWires({ view, documents }: Workbench): readonly PipelineEdge[] {
  const { selection } = view.getState()
  return documents.getState().document.edges.filter((wire) => selection.has(wireId(wire)))
}

/** A pipeline is open and on screen. */
export function building({ view, documents }: Workbench): boolean {
  return view.getState().room === 'build' && documents.getState().path !== null
}
