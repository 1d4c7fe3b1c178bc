import type { NodeCard, PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'

export interface WiredPorts {
  readonly input: ReadonlySet<string>
  readonly output: ReadonlySet<string>
}
export type PortSide = keyof WiredPorts

const wiredPorts = new WeakMap<readonly PipelineEdge[], ReadonlyMap<string, WiredPorts>>()

function portsWithWires(edges: readonly PipelineEdge[]): ReadonlyMap<string, WiredPorts> {
  const known = wiredPorts.get(edges)
  if (known) return known
  const byNode = new Map<string, { input: Set<string>; output: Set<string> }>()
  const add = (address: string, side: PortSide) => {
    const { node, port } = portAddress(address)
    const ports = byNode.get(node) ?? { input: new Set(), output: new Set() }
    ports[side].add(port)
    byNode.set(node, ports)
  }
  for (const { from, to } of edges) {
    add(from, 'output')
    add(to, 'input')
  }
  wiredPorts.set(edges, byNode)
  return byNode
}

const none: readonly string[] = []

/** Ports that wires name but the node does not have, or not any more: they keep their wires until somebody decides. */
export function ghostPorts(
  edges: readonly PipelineEdge[],
  node: string,
  side: PortSide,
  card: Pick<NodeCard, 'inputs' | 'outputs'> | undefined,
): readonly string[] {
  const known = (side === 'input' ? card?.inputs : card?.outputs) ?? {}
  const wired = portsWithWires(edges).get(node)?.[side]
  return wired ? [...wired].filter((port) => !Object.hasOwn(known, port)).sort() : none
}

/** Where a port stands among those of its side, ghosts last. */
export function portIndex(
  edges: readonly PipelineEdge[],
  node: string,
  port: string,
  side: PortSide,
  card: Pick<NodeCard, 'inputs' | 'outputs'> | undefined,
): number {
  const names = Object.keys((side === 'input' ? card?.inputs : card?.outputs) ?? {})
  return [...names, ...ghostPorts(edges, node, side, card)].indexOf(port)
}
