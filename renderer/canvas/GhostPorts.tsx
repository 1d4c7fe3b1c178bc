import { Handle, Position } from '@xyflow/react'
import { messages } from '../shell/messages.ts'
import { useCatalogue, useDocument } from '../shell/workbench-context.ts'
import { ghostPorts, type PortSide } from './ghost-ports.ts'
import { PortShape } from './PortShape.tsx'
import { portY } from './port-place.ts'

/** Ports that a node no longer has, with the wires they keep. */
export function GhostPorts({ node, side, after }: { node: string; side: PortSide; after: number }) {
  const type = useDocument((state) => state.document.nodes[node]?.type ?? '')
  const card = useCatalogue((state) => state.byType.get(type))
  const edges = useDocument((state) => state.document.edges)
  return ghostPorts(edges, node, side, card).map((name, index) => {
    const label = messages.ports.ghost(name)
    return (
      <Handle
        key={name}
        id={name}
        type={side === 'input' ? 'target' : 'source'}
        position={side === 'input' ? Position.Left : Position.Right}
        className="port ghost-port"
        isConnectable={false}
        data-ghost={`${node}.${name}`}
        data-side={side}
        role="img"
        aria-label={label}
        title={label}
        style={{ top: portY(after + index) }}
      >
        <PortShape type="schema" ringed />
      </Handle>
    )
  })
}
