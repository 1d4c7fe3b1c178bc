import type { NodeCard, PipelineDocument, PipelineEdge, Port } from '#contract'
import { adjacency, descendants, portAddress } from '#graph/adjacency'
import { messages } from '../shell/messages.ts'

export type Cards = ReadonlyMap<string, NodeCard>

export type WireJudgement =
  | { readonly ok: true; readonly replaces: readonly PipelineEdge[] }
  | { readonly ok: false; readonly reason: string }

export function outputPort(document: PipelineDocument, cards: Cards, address: string): Port | undefined {
  const { node, port } = portAddress(address)
  return cards.get(document.nodes[node]?.type ?? '')?.outputs[port]
}

export function inputPort(document: PipelineDocument, cards: Cards, address: string): Port | undefined {
  const { node, port } = portAddress(address)
  return cards.get(document.nodes[node]?.type ?? '')?.inputs[port]
}

/** Whether a wire may be drawn, what it replaces, or in a sentence why not. */
export function judgeWire(document: PipelineDocument, cards: Cards, wire: PipelineEdge): WireJudgement {
  const source = outputPort(document, cards, wire.from)
  const target = inputPort(document, cards, wire.to)
  const title = (address: string) => nodeTitle(document, cards, portAddress(address).node)
  if (!source || !target) return { ok: false, reason: messages.wires.unknown }
  if (source.type !== target.type)
    return {
      ok: false,
      reason: messages.wires.types(title(wire.from), source.type, title(wire.to), target.type),
    }
  const [from, to] = [portAddress(wire.from).node, portAddress(wire.to).node]
  if (descendants(adjacency(document), [to]).has(from))
    return { ok: false, reason: messages.wires.cycle(title(wire.from), title(wire.to)) }
  return { ok: true, replaces: target.many ? [] : document.edges.filter((edge) => edge.to === wire.to) }
}

export function nodeTitle(document: PipelineDocument, cards: Cards, id: string): string {
  const node = document.nodes[id]
  return node?.title ?? cards.get(node?.type ?? '')?.title ?? id
}

/** The first input of a node that takes this type, free ones first; for wires dropped on a card. */
export function fittingInput(document: PipelineDocument, cards: Cards, from: string, node: string): string | undefined {
  const inputs = Object.entries(cards.get(document.nodes[node]?.type ?? '')?.inputs ?? {})
  const fits = inputs.map(([name]) => `${node}.${name}`).filter((to) => judgeWire(document, cards, { from, to }).ok)
  const wired = new Set(document.edges.map((edge) => edge.to))
  return fits.find((to) => !wired.has(to)) ?? fits[0]
}

/** The same from an input backwards: an output of the node that fits it. */
export function fittingOutput(document: PipelineDocument, cards: Cards, to: string, node: string): string | undefined {
  const outputs = Object.keys(cards.get(document.nodes[node]?.type ?? '')?.outputs ?? {})
  return outputs.map((name) => `${node}.${name}`).find((from) => judgeWire(document, cards, { from, to }).ok)
}
