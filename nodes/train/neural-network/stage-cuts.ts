import { networkCost } from '#ml/architecture/network-cost'
import type { Network } from '#ml/neural/network'

/** The layers before which a network is cut into stages of about the same work; never within a residual. */
export function stageCuts({ inputs, layers }: Network, stages: number): readonly number[] {
  const places = Array.from({ length: layers.length - 1 }, (_, at) => at + 1).filter((at) => isClosed(layers, at))
  const work = places.map((at) => networkCost({ inputs, layers: layers.slice(0, at) }).multiplyAdds)
  const whole = networkCost({ inputs, layers }).multiplyAdds
  const cuts: number[] = []
  for (let stage = 1; stage < stages; stage++) {
    const wanted = (whole * stage) / stages
    const left = places.filter((at) => at > (cuts.at(-1) ?? 0))
    if (left.length === 0) break
    const distance = (at: number) => Math.abs(work[places.indexOf(at)]! - wanted)
    cuts.push(left.reduce((best, at) => (distance(at) < distance(best) ? at : best)))
  }
  return cuts
}

const isClosed = (layers: Network['layers'], at: number): boolean =>
  layers
    .slice(0, at)
    .reduce((open, { kind }) => open + (kind === 'residualStart' ? 1 : kind === 'residualEnd' ? -1 : 0), 0) === 0
