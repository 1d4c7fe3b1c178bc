import type { LayersChart } from '#contract'
import { describeNetwork } from '#ml/architecture/architecture-space'
import type { Layer, Network } from '#ml/neural/network'
import { layerFacts } from './layer-list.ts'

/** Stand in the box of the layer whose outputs they change. */
const joined: ReadonlySet<Layer['kind']> = new Set(['activation', 'dropout', 'batchNorm', 'layerNorm'])

interface Box {
  label: string
  shape: readonly number[]
  parameters: number
}

/** A network as a chain of boxes from its input on, and its residuals as ways around them. */
export function layersPicture(network: Network): LayersChart {
  const facts = layerFacts(network)
  const boxes: Box[] = [{ label: 'input', shape: network.inputs, parameters: 0 }]
  const around: { readonly from: number; readonly to: number }[] = []
  const open: number[] = []
  let joins = false
  network.layers.forEach((layer, at) => {
    const { shape, parameters } = facts[at]!
    const ends = layer.kind === 'residualEnd'
    if (layer.kind === 'residualStart') open.push(boxes.length)
    else if (ends) around.push({ from: open.pop()!, to: boxes.length - 1 })
    else {
      const label = describeNetwork({ ...network, layers: [layer] })
      const last = boxes.at(-1)!
      if (joins && joined.has(layer.kind)) {
        last.label += `, ${label}`
        last.parameters += parameters
      } else boxes.push({ label, shape, parameters })
    }
    joins = !ends && layer.kind !== 'residualStart'
  })
  const total = boxes.reduce((sum, { parameters }) => sum + parameters, 0)
  return {
    type: 'layers',
    layers: boxes.map(({ label, shape, parameters }) => ({
      label,
      shape: shape.join(' × '),
      share: total > 0 ? parameters / total : 0,
    })),
    around,
  }
}
