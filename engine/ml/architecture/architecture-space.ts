import type { Activation, Layer, Network } from '../neural/network.ts'
import type { CategoryDimension, Dimension, SearchSpace, Setting, Settings } from '../search/space.ts'

/** What a search draws networks from: settings, and the network each of them stands for. */
export interface ArchitectureSpace {
  readonly space: SearchSpace
  /** Total: every setting of the space gives a network that can be trained. */
  network(settings: Settings): Network
  /** Designs that people would try first, the strongest first. */
  readonly known?: readonly Settings[]
}

/** Where a network begins and ends whatever stands between: the shape of an example, layers before, numbers out. */
export interface ArchitectureFrame {
  /** [features] or [channels, height, width]. */
  readonly inputs: readonly number[]
  /** Layers that belong to the data, such as embeddings of categories; they give vectors. */
  readonly front?: readonly Layer[]
  readonly outputs: number
}

const category = (choices: readonly Setting[], when?: CategoryDimension['when']): Dimension => ({
  kind: 'category',
  choices,
  ...(when && { when }),
})
const steps = (most: number) => Array.from({ length: most }, (_, index) => index + 1)
const activation = (name: Activation): Layer => ({ kind: 'activation', function: name })
const relu = activation('relu')

/** A chain of layers, as long as the search likes (Zoph & Le 2017, ICLR; Baker et al. 2017, ICLR). */
export function macroSpace(frame: ArchitectureFrame, mostBlocks = 4): ArchitectureSpace {
  return frame.inputs.length === 3 ? imageChain(frame, mostBlocks) : vectorChain(frame, mostBlocks)
}

/**
 * One small cell that is repeated, with a way around it where the search likes (Zoph, Vasudevan, Shlens & Le 2018, CVPR;
 * the way around is He et al. 2016, arXiv 1512.03385).
 */
export function microSpace(frame: ArchitectureFrame): ArchitectureSpace {
  return frame.inputs.length === 3 ? imageCells(frame) : vectorCells(frame)
}

/** A parameter of one of several blocks, which exists where there are as many. */
function perBlock(most: number, one: (when: CategoryDimension['when']) => Readonly<Record<string, Dimension>>) {
  const all: Record<string, Dimension> = {}
  for (const block of steps(most))
    for (const [name, dimension] of Object.entries(one({ name: 'blocks', is: steps(most).filter((n) => n >= block) })))
      all[`${name}${block}`] = dimension
  return all
}

function vectorChain({ inputs, front = [], outputs }: ArchitectureFrame, most: number): ArchitectureSpace {
  return {
    space: {
      blocks: category(steps(most)),
      ...perBlock(most, (when) => ({ units: category([8, 16, 32, 64, 128, 256], when) })),
      activation: category(['relu', 'gelu', 'tanh']),
      norm: category(['none', 'batch', 'layer']),
      dropout: category([0, 0.1, 0.25, 0.5]),
    },
    network: (settings) => ({
      inputs,
      layers: [
        ...front,
        ...steps(settings.blocks as number).flatMap((block): Layer[] => [
          { kind: 'dense', units: settings[`units${block}`] as number },
          ...normalization(settings.norm),
          activation(settings.activation as Activation),
          ...dropout(settings.dropout),
        ]),
        { kind: 'dense', units: outputs },
      ],
    }),
  }
}

const normalization = (norm: Setting | undefined): readonly Layer[] =>
  norm === 'batch' ? [{ kind: 'batchNorm' }] : norm === 'layer' ? [{ kind: 'layerNorm' }] : []
const dropout = (share: Setting | undefined): readonly Layer[] =>
  typeof share === 'number' && share > 0 ? [{ kind: 'dropout', share }] : []

function vectorCells({ inputs, front = [], outputs }: ArchitectureFrame): ArchitectureSpace {
  const operations = category(['relu', 'gelu', 'tanh', 'gate', 'none'])
  return {
    space: {
      width: category([16, 32, 64, 128]),
      cells: category([1, 2, 3, 4]),
      first: operations,
      second: operations,
      norm: category(['none', 'batch', 'layer']),
      around: category([true, false]),
      dropout: category([0, 0.1, 0.25]),
    },
    network({ width, cells, first, second, norm, around, dropout: share }) {
      const units = width as number
      const cell: Layer[] = [
        ...normalization(norm),
        ...[first, second].flatMap((operation): readonly Layer[] => vectorOperation(operation, units)),
        ...dropout(share),
      ]
      return {
        inputs,
        layers: [
          ...front,
          { kind: 'dense', units },
          ...steps(cells as number).flatMap(() => wrapped(cell, around === true)),
          relu,
          { kind: 'dense', units: outputs },
        ],
      }
    },
  }
}

function vectorOperation(operation: Setting | undefined, units: number): readonly Layer[] {
  if (operation === 'none') return []
  const name: Activation = operation === 'gate' ? 'sigmoid' : (operation as Activation)
  return [{ kind: 'dense', units }, activation(name)]
}

/** With a way around; a cell without layers is nothing. */
const wrapped = (cell: readonly Layer[], around: boolean): readonly Layer[] =>
  around && cell.length > 0 ? [{ kind: 'residualStart' }, ...cell, { kind: 'residualEnd' }] : cell

const convolution = (filters: number, size: number, groups = 1): Layer => ({
  kind: 'convolution',
  filters,
  size,
  padding: (size - 1) / 2,
  ...(groups > 1 && { groups }),
})

/** Depthwise, then across the channels (Howard et al. 2017, arXiv 1704.04861). */
const separable = (channels: number, filters: number, size: number): readonly Layer[] => [
  convolution(channels, size, channels),
  convolution(filters, 1),
]

/** Convolutions of 3 × 3, twice as many after each halving of the picture (as VGG, Simonyan & Zisserman 2015, ICLR). */
function knownChains(most: number): readonly Settings[] {
  const blocks = Math.min(3, most)
  const chain = (filters: number, head: string): Settings => ({
    blocks,
    ...Object.fromEntries(
      steps(blocks).flatMap((block) => [
        [`kind${block}`, 'convolution'],
        [`filters${block}`, filters * 2 ** (block - 1)],
        [`size${block}`, 3],
        [`pool${block}`, 'max'],
      ]),
    ),
    norm: true,
    head,
    units: 0,
    dropout: 0,
  })
  return [16, 8, 4].flatMap((filters) => [chain(filters, 'flatten'), chain(filters, 'mean')])
}

function imageChain(frame: ArchitectureFrame, most: number): ArchitectureSpace {
  const [channels, height, width] = frame.inputs as readonly [number, number, number]
  return {
    known: knownChains(most),
    space: {
      blocks: category(steps(most)),
      ...perBlock(most, (when) => ({
        kind: category(['convolution', 'separable'], when),
        filters: category([4, 8, 16, 32, 64], when),
        size: category([3, 5], when),
        pool: category(['none', 'max', 'average'], when),
      })),
      norm: category([true, false]),
      head: category(['flatten', 'mean']),
      units: category([0, 16, 32, 64, 128]),
      dropout: category([0, 0.25, 0.5]),
    },
    network(settings) {
      let before = channels
      let side = Math.min(height, width)
      const blocks = steps(settings.blocks as number).flatMap((block): Layer[] => {
        const filters = settings[`filters${block}`] as number
        const size = settings[`size${block}`] as number
        const weighted =
          settings[`kind${block}`] === 'separable' ? separable(before, filters, size) : [convolution(filters, size)]
        const pool = settings[`pool${block}`]
        const pooled = pool !== 'none' && side >= 4
        before = filters
        if (pooled) side = Math.floor(side / 2)
        return [
          ...weighted,
          ...(settings.norm ? [{ kind: 'batchNorm' } as const] : []),
          relu,
          ...(pooled ? [{ kind: pool === 'max' ? 'maxPool' : 'averagePool', size: 2 } as const] : []),
        ]
      })
      const units = settings.units as number
      return {
        inputs: frame.inputs,
        layers: [
          ...blocks,
          { kind: settings.head === 'mean' ? 'globalAveragePool' : 'flatten' },
          ...(units > 0 ? [{ kind: 'dense', units } as const, relu] : []),
          ...dropout(settings.dropout),
          { kind: 'dense', units: frame.outputs },
        ],
      }
    },
  }
}

/** Two convolutions with a way around them in each stage (He et al. 2016). */
const knownCells: readonly Settings[] = [16, 8, 4].flatMap((filters) =>
  ['convolution3', 'separable3'].map((operation) => ({
    filters,
    stages: 3,
    cells: 1,
    first: operation,
    second: operation,
    third: 'none',
    around: true,
    norm: true,
    dropout: 0,
  })),
)

function imageCells(frame: ArchitectureFrame): ArchitectureSpace {
  const [, height, width] = frame.inputs as readonly [number, number, number]
  const operations = category(['convolution3', 'convolution5', 'separable3', 'separable5', 'pool3', 'none'])
  return {
    known: knownCells,
    space: {
      filters: category([4, 8, 16, 24, 32]),
      stages: category([1, 2, 3]),
      cells: category([1, 2]),
      first: operations,
      second: operations,
      third: operations,
      around: category([true, false]),
      norm: category([true, false]),
      dropout: category([0, 0.25, 0.5]),
    },
    network(settings) {
      let filters = settings.filters as number
      let side = Math.min(height, width)
      const stages = steps(settings.stages as number).flatMap((stage): Layer[] => {
        const narrower: Layer[] = []
        if (stage > 1 && side >= 4) {
          side = Math.floor(side / 2)
          filters *= 2
          narrower.push({ kind: 'maxPool', size: 2 }, convolution(filters, 1))
        }
        const cell = ['first', 'second', 'third'].flatMap((name) =>
          imageOperation(settings[name], filters, settings.norm === true),
        )
        return [...narrower, ...steps(settings.cells as number).flatMap(() => wrapped(cell, settings.around === true))]
      })
      return {
        inputs: frame.inputs,
        layers: [
          convolution(settings.filters as number, 3),
          relu,
          ...stages,
          { kind: 'globalAveragePool' },
          ...dropout(settings.dropout),
          { kind: 'dense', units: frame.outputs },
        ],
      }
    },
  }
}

function imageOperation(operation: Setting | undefined, filters: number, norm: boolean): readonly Layer[] {
  if (operation === 'none') return []
  if (operation === 'pool3') return [{ kind: 'maxPool', size: 3, stride: 1, padding: 1 }]
  const size = String(operation).endsWith('5') ? 5 : 3
  const weighted = String(operation).startsWith('separable')
    ? separable(filters, filters, size)
    : [convolution(filters, size)]
  return [...weighted, ...(norm ? [{ kind: 'batchNorm' } as const] : []), relu]
}

/** A network as one line: "conv 16 3x3, relu, pool 2, dense 10". */
export function describeNetwork({ layers }: Network): string {
  return layers.map(describeLayer).join(', ')
}

function describeLayer(layer: Layer): string {
  switch (layer.kind) {
    case 'dense':
      return `dense ${layer.units}`
    case 'convolution':
      return `${(layer.groups ?? 1) > 1 ? 'depthwise' : 'conv'} ${layer.filters} ${layer.size}x${layer.size}`
    case 'maxPool':
      return layer.stride === 1 ? `pool ${layer.size} same` : `pool ${layer.size}`
    case 'averagePool':
      return `mean pool ${layer.size}`
    case 'globalAveragePool':
      return 'mean of places'
    case 'activation':
      return layer.function
    case 'dropout':
      return `dropout ${layer.share}`
    case 'residualStart':
      return '('
    case 'residualEnd':
      return ') + input'
    default:
      return layer.kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  }
}
