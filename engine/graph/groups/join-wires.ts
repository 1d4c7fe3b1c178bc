import type { PipelineEdge } from '#contract'
import { sortedEdges } from '../adjacency.ts'

const isPort = (address: string) => address.includes('.')

/**
 * Wires between ports of nodes (`node.port`) and junctions (addresses without a dot) as wires from node to node. What is
 * asserted on the way is asserted of the whole.
 */
export function joinWires(wires: readonly PipelineEdge[]): PipelineEdge[] {
  const after = wiresAt(wires, 'from')
  const joined = wires
    .filter(({ from }) => isPort(from))
    .flatMap((wire) => follow(wire, after, 'to').map(({ to, assertions }) => ({ from: wire.from, to, assertions })))
  return sortedEdges(merged(joined))
}

/** The ports that wires lead to from a junction, or from which they come. */
export function portsBeyond(wires: readonly PipelineEdge[], end: 'from' | 'to'): (junction: string) => string[] {
  const beyond = wiresAt(wires, end === 'to' ? 'from' : 'to')
  return (junction) => {
    const found = (beyond.get(junction) ?? []).flatMap((wire) => follow(wire, beyond, end))
    return [...new Set(found.map((wire) => wire[end]))].sort()
  }
}

type WiresAt = ReadonlyMap<string, readonly PipelineEdge[]>

function wiresAt(wires: readonly PipelineEdge[], end: 'from' | 'to'): WiresAt {
  const found = new Map<string, PipelineEdge[]>()
  for (const wire of wires) {
    const list = found.get(wire[end])
    if (list) list.push(wire)
    else found.set(wire[end], [wire])
  }
  return found
}

/** Every way from a wire on to a port, with all that is asserted along it. */
function follow(
  wire: PipelineEdge,
  beyond: WiresAt,
  end: 'from' | 'to',
  seen: readonly string[] = [],
): Required<PipelineEdge>[] {
  const assertions = wire.assertions ?? []
  const at = wire[end]
  if (isPort(at)) return [{ ...wire, assertions }]
  if (seen.includes(at)) return []
  return (beyond.get(at) ?? []).flatMap((next) =>
    follow(next, beyond, end, [...seen, at]).map((last) => ({
      ...last,
      assertions: [...assertions, ...last.assertions],
    })),
  )
}

/** Two ways from one port to another are one wire. */
function merged(wires: readonly Required<PipelineEdge>[]): PipelineEdge[] {
  const byEnds = new Map<string, Required<PipelineEdge>>()
  for (const wire of wires) {
    const key = `${wire.from}\u0000${wire.to}`
    byEnds.set(key, { ...wire, assertions: [...(byEnds.get(key)?.assertions ?? []), ...wire.assertions] })
  }
  return [...byEnds.values()].map(({ from, to, assertions }) => {
    const distinct = [...new Map(assertions.map((one) => [JSON.stringify(one), one])).values()]
    return { from, to, ...(distinct.length > 0 && { assertions: distinct }) }
  })
}
