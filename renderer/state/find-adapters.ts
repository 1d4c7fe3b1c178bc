import type { NodeCard, PortType } from '#contract'

/** Nodes that take one type and give another: first those made for it, then those with the fewest other inputs. */
export function findAdapters(cards: readonly NodeCard[], from: PortType, to: PortType): readonly NodeCard[] {
  const needs = (card: NodeCard) => Object.values(card.inputs).filter((port) => !port.optional).length
  const madeFor = ({ outputs }: NodeCard) => (Object.values(outputs)[0]?.type === to ? 0 : 1)
  return cards
    .filter(
      ({ inputs, outputs }) =>
        Object.values(inputs).some(({ type }) => type === from) &&
        Object.values(outputs).some(({ type }) => type === to),
    )
    .toSorted((a, b) => madeFor(a) - madeFor(b) || needs(a) - needs(b) || (a.title < b.title ? -1 : 1))
}
