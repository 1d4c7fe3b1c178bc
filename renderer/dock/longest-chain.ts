import type { PipelineDocument } from '#contract'
import { adjacency } from '#graph/adjacency'

interface Chain {
  readonly nodes: readonly string[]
  readonly ms: number
}

/** The chain of nodes whose times add up to the most: no run can end sooner, however many steps work side by side. */
export function longestChain(
  document: Pick<PipelineDocument, 'nodes' | 'edges'>,
  times: ReadonlyMap<string, number>,
): Chain {
  const { order, before } = adjacency(document)
  const ends = new Map<string, Chain>()
  const none: Chain = { nodes: [], ms: 0 }
  const longer = (a: Chain, b: Chain) => (b.ms > a.ms ? b : a)
  for (const id of order) {
    const waited = [...before.get(id)!].map((source) => ends.get(source)!).reduce(longer, none)
    const own = times.get(id) ?? 0
    ends.set(id, own > 0 ? { nodes: [...waited.nodes, id], ms: waited.ms + own } : waited)
  }
  return [...ends.values()].reduce(longer, none)
}
