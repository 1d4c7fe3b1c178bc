import type { PipelineDocument, PipelineEdge } from '#contract'
import { portAddress } from '#graph/adjacency'
import { type Cards, fittingInput, fittingOutput, judgeWire } from '../judge-wire.ts'
import { connect, disconnect, sameWire } from './connect.ts'

/** The node put into a wire: what came in at one side goes out at the other; assertions stay with what came in. Undefined where its ports do not fit. */
export function spliceNode(
  document: PipelineDocument,
  cards: Cards,
  node: string,
  wire: PipelineEdge,
): PipelineDocument | undefined {
  if ([wire.from, wire.to].some((end) => portAddress(end).node === node)) return undefined
  const opened = disconnect(document, [wire])
  const input = fittingInput(opened, cards, wire.from, node)
  const output = fittingOutput(opened, cards, wire.to, node)
  if (input === undefined || output === undefined) return undefined
  const [before, after] = [
    { ...document.edges.find((edge) => sameWire(edge, wire)), from: wire.from, to: input },
    { from: output, to: wire.to },
  ]
  const first = judgeWire(opened, cards, before)
  if (!first.ok) return undefined
  const half = connect(opened, before, first.replaces)
  const second = judgeWire(half, cards, after)
  return second.ok ? connect(half, after, second.replaces) : undefined
}

/** Whether a node hangs on nothing yet, as one that was just put down. */
export const isLoose = (document: PipelineDocument, node: string): boolean =>
  !document.edges.some(({ from, to }) => portAddress(from).node === node || portAddress(to).node === node)
