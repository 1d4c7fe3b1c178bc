import type { ELK as ElkApi, ElkNode } from 'elkjs/lib/elk-api.js'
import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'
import type { Position } from '../../state/edits/add-node.ts'

export interface Size {
  readonly width: number
  readonly height: number
}

let elk: Promise<ElkApi> | undefined

/** A layered layout from left to right, computed in a worker that is loaded with the first tidy. */
export async function tidyLayout(
  document: PipelineDocument,
  ids: ReadonlySet<string>,
  sizeOf: (node: string) => Size,
): Promise<Readonly<Record<string, Position>>> {
  elk ??= loadElk()
  const laid = await (await elk).layout(elkGraph(document, ids, sizeOf))
  return Object.fromEntries((laid.children ?? []).map((child) => [child.id, [child.x ?? 0, child.y ?? 0]]))
}

async function loadElk(): Promise<ElkApi> {
  const [{ default: Elk }, { default: ElkWorker }] = await Promise.all([
    import('elkjs/lib/elk-api.js'),
    import('elkjs/lib/elk-worker.min.js?worker'),
  ])
  return new Elk({ workerFactory: () => new ElkWorker() })
}

function elkGraph(document: PipelineDocument, ids: ReadonlySet<string>, sizeOf: (node: string) => Size): ElkNode {
  const wires = document.edges.filter(
    (edge) => ids.has(portAddress(edge.from).node) && ids.has(portAddress(edge.to).node),
  )
  return {
    id: 'pipeline',
    layoutOptions: {
      'elk.algorithm': 'layered',
      'elk.direction': 'RIGHT',
      'elk.spacing.nodeNode': '36',
      'elk.layered.spacing.nodeNodeBetweenLayers': '60',
      'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
      'elk.layered.considerModelOrder.strategy': 'NODES_AND_EDGES',
    },
    children: [...ids].map((id) => ({ id, ...sizeOf(id) })),
    edges: wires.map((edge, index) => ({
      id: `wire-${index}`,
      sources: [portAddress(edge.from).node],
      targets: [portAddress(edge.to).node],
    })),
  }
}
