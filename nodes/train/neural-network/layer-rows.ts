import type { Layer } from '#ml/neural/network'
import type { LayerRow } from './layer-list.ts'

const row = (kind: LayerRow['kind'], more: Partial<LayerRow> = {}): LayerRow => ({
  kind,
  units: 32,
  size: 3,
  share: 0.2,
  function: 'relu',
  ...more,
})

/**
 * Layers as the rows of this node's list, without those it adds by itself: vectors of categories at the beginning, the
 * output at the end. Undefined where a layer has no row, such as a pooling whose windows overlap.
 */
export function layerRows(layers: readonly Layer[]): readonly LayerRow[] | undefined {
  const rows: LayerRow[] = []
  const own = layers.slice(0, -1).filter(({ kind }) => kind !== 'columnEmbedding')
  for (let at = 0; at < own.length; at++) {
    const [layer, next] = [own[at]!, own[at + 1]]
    if (layer.kind === 'convolution' && (layer.groups ?? 1) > 1) {
      const joined = next?.kind === 'convolution' && next.size === 1 && (next.groups ?? 1) === 1
      if (joined) rows.push(row('separable convolution', { units: next.filters, size: layer.size }))
      else rows.push(row('depthwise convolution', { size: layer.size }))
      if (joined) at++
      continue
    }
    const one = oneRow(layer)
    if (!one) return undefined
    rows.push(one)
  }
  return rows
}

const keepsSize = ({ size, stride, padding }: Extract<Layer, { kind: 'maxPool' }>) =>
  stride === 1 && padding === Math.floor(size / 2)

function oneRow(layer: Layer): LayerRow | undefined {
  switch (layer.kind) {
    case 'dense':
      return row('dense', { units: layer.units })
    case 'convolution':
      return row('convolution', { units: layer.filters, size: layer.size })
    case 'maxPool':
      if (layer.stride === undefined) return row('max pooling', { size: layer.size })
      return keepsSize(layer) ? row('max pooling, same size', { size: layer.size }) : undefined
    case 'averagePool':
      return layer.stride === undefined ? row('average pooling', { size: layer.size }) : undefined
    case 'globalAveragePool':
      return row('global pooling')
    case 'flatten':
      return row('flatten')
    case 'activation':
      return row('activation', { function: layer.function })
    case 'dropout':
      return row('dropout', { share: layer.share })
    case 'batchNorm':
      return row('batch normalisation')
    case 'layerNorm':
      return row('layer normalisation')
    case 'residualStart':
      return row('residual start')
    case 'residualEnd':
      return row('residual end')
    case 'wordMean':
      return row('word mean', { units: layer.width })
    default:
      return undefined
  }
}
