import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'
import { type Cards, inputPort, judgeWire, outputPort } from '../judge-wire.ts'
import { connect } from './connect.ts'
import { removeNodes } from './remove-nodes.ts'

/** Without these nodes, one after the other; what fed a node feeds what hung on it, where the types are the same. */
export function removeKeepingChain(
  document: PipelineDocument,
  cards: Cards,
  ids: ReadonlySet<string>,
): PipelineDocument {
  return [...ids]
    .filter((id) => Object.hasOwn(document.nodes, id))
    .reduce((now, id) => bridge(now, cards, id), document)
}

function bridge(document: PipelineDocument, cards: Cards, id: string): PipelineDocument {
  const before = document.edges.filter(({ to }) => portAddress(to).node === id)
  const after = document.edges.filter(({ from }) => portAddress(from).node === id)
  const removed = removeNodes(document, new Set([id]))
  return after.reduce((now, { to }) => {
    const wanted = inputPort(now, cards, to)?.type
    const source = before.find(({ from }) => outputPort(now, cards, from)?.type === wanted)
    if (!source) return now
    const wire = { ...source, to }
    return judgeWire(now, cards, wire).ok ? connect(now, wire) : now
  }, removed)
}
