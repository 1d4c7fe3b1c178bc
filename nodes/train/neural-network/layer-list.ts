import { ProblemError } from '#contract'
import { layoutOf, vectorLength } from '#ml/neural/forward'
import type { Activation, Layer, Network } from '#ml/neural/network'

export const layerKinds = [
  'dense',
  'convolution',
  'separable convolution',
  'depthwise convolution',
  'max pooling',
  'max pooling, same size',
  'average pooling',
  'global pooling',
  'batch normalisation',
  'layer normalisation',
  'dropout',
  'activation',
  'residual start',
  'residual end',
  'flatten',
  'embedding',
  'word mean',
  'sequence convolution',
  'sequence maximum',
] as const

export const activations = ['relu', 'leakyRelu', 'gelu', 'tanh', 'sigmoid'] as const satisfies readonly Activation[]

/** A row of the list as it stands in the parameters. */
export interface LayerRow {
  readonly kind: (typeof layerKinds)[number]
  readonly units: number
  readonly size: number
  readonly share: number
  readonly function: Activation
}

/** What an input looks like to the network's first layer. */
export interface InputShape {
  readonly kind: 'matrix' | 'pixels' | 'words'
  /** [columns], [channels, height, width] or [places]. */
  readonly shape: readonly number[]
  /** Words of the vocabulary with the two numbers before it. */
  readonly words?: number
  /** Levels of the columns that become vectors; they come last. */
  readonly levels?: readonly number[]
}

const relu: Layer = { kind: 'activation', function: 'relu' }

function layersOf(row: LayerRow, channels: number, words: number): readonly Layer[] {
  const { units, size, share } = row
  const padding = Math.floor(size / 2)
  switch (row.kind) {
    case 'dense':
      return [{ kind: 'dense', units }]
    case 'convolution':
      return [{ kind: 'convolution', filters: units, size, padding }]
    case 'separable convolution':
      return [
        { kind: 'convolution', filters: channels, size, padding, groups: channels },
        { kind: 'convolution', filters: units, size: 1 },
      ]
    case 'depthwise convolution':
      return [{ kind: 'convolution', filters: channels, size, padding, groups: channels }]
    case 'max pooling':
      return [{ kind: 'maxPool', size }]
    case 'max pooling, same size':
      return [{ kind: 'maxPool', size, stride: 1, padding }]
    case 'average pooling':
      return [{ kind: 'averagePool', size }]
    case 'global pooling':
      return [{ kind: 'globalAveragePool' }]
    case 'batch normalisation':
      return [{ kind: 'batchNorm' }]
    case 'layer normalisation':
      return [{ kind: 'layerNorm' }]
    case 'dropout':
      return [{ kind: 'dropout', share }]
    case 'activation':
      return [{ kind: 'activation', function: row.function }]
    case 'residual start':
      return [{ kind: 'residualStart' }]
    case 'residual end':
      return [{ kind: 'residualEnd' }]
    case 'flatten':
      return [{ kind: 'flatten' }]
    case 'embedding':
      return [{ kind: 'embedding', levels: words, width: units }]
    case 'word mean':
      return [{ kind: 'wordMean', levels: words, width: units }]
    case 'sequence convolution':
      return [{ kind: 'sequenceConvolution', filters: units, size }]
    case 'sequence maximum':
      return [{ kind: 'sequenceMaximum' }]
  }
}

/** Convolutions of each channel by itself. */
const apart: ReadonlySet<LayerRow['kind']> = new Set(['separable convolution', 'depthwise convolution'])
const takesWords = ({ kind }: LayerRow) => kind === 'embedding' || kind === 'word mean'
const vectors = (layer: Layer | undefined) => layer?.kind === 'embedding' || layer?.kind === 'wordMean'

/** Vectors of categories as wide as half the levels of the largest column, 16 at most. */
const vectorWidth = (levels: readonly number[]) => Math.max(2, Math.min(16, Math.ceil(Math.max(...levels) / 2)))

/** Layers that the data ask for, whatever comes behind them: vectors of categories. */
export function firstLayers({ shape, levels }: InputShape): readonly Layer[] {
  if (!levels || levels.length === 0) return []
  return [{ kind: 'columnEmbedding', numbers: shape[0]! - levels.length, levels, width: vectorWidth(levels) }]
}

/** Layers in a row with the output at their end; `rows` are taken as they are, a vector a word and a flattening are added. */
export function ownNetwork(input: InputShape, rows: readonly LayerRow[], outputs: number): Network {
  let layers: readonly Layer[] = firstLayers(input)
  for (const [at, row] of rows.entries()) {
    if (takesWords(row) && (input.kind !== 'words' || at > 0))
      throw new RangeError(
        `layer ${at + 1}, ${row.kind}, takes the words of a text, so it stands first and the node learns from text`,
      )
    const channels = apart.has(row.kind) ? shapeAfter(input.shape, layers)[0]! : 0
    layers = [...layers, ...layersOf(row, channels, input.words ?? 0)]
  }
  if (input.kind === 'words' && !vectors(layers[0]))
    layers = [{ kind: 'wordMean', levels: input.words ?? 0, width: 32 }, ...layers]
  if (shapeAfter(input.shape, layers).length > 1) layers = [...layers, { kind: 'flatten' }]
  return { inputs: input.shape, layers: [...layers, { kind: 'dense', units: outputs }] }
}

/** A design that fits the data; `large` has some ten times the parameters of `small`. */
export function presetNetwork(input: InputShape, size: 'small' | 'large', outputs: number): Network {
  const made = { matrix: tabularLayers, pixels: pictureLayers, words: textLayers }[input.kind](input, size === 'large')
  return { inputs: input.shape, layers: [...firstLayers(input), ...made, { kind: 'dense', units: outputs }] }
}

function tabularLayers(_: InputShape, large: boolean): readonly Layer[] {
  const block = (units: number): readonly Layer[] => [{ kind: 'dense', units }, relu, { kind: 'dropout', share: 0.1 }]
  return large ? [...block(128), ...block(64)] : [...block(32), ...block(16)]
}

const convolution = (filters: number): readonly Layer[] => [
  { kind: 'convolution', filters, size: 3, padding: 1 },
  { kind: 'batchNorm' },
  relu,
]
const residual = (filters: number): readonly Layer[] => [
  { kind: 'residualStart' },
  { kind: 'convolution', filters, size: 3, padding: 1, groups: filters },
  { kind: 'convolution', filters, size: 1 },
  { kind: 'batchNorm' },
  relu,
  { kind: 'convolution', filters, size: 3, padding: 1, groups: filters },
  { kind: 'convolution', filters, size: 1 },
  { kind: 'batchNorm' },
  { kind: 'residualEnd' },
  relu,
]

/** Halves the picture until 7 pixels or fewer are left a side, twice at least where it can be. */
function pictureLayers({ shape }: InputShape, large: boolean): readonly Layer[] {
  const layers: Layer[] = []
  let side = Math.min(shape[1]!, shape[2]!)
  let filters = large ? 24 : 12
  for (let level = 0; level === 0 || (side > 7 && level < 5); level++) {
    layers.push(...convolution(filters))
    if (large) layers.push(...residual(filters))
    if (side >= 2) layers.push({ kind: 'maxPool', size: 2 })
    side = Math.floor(side / 2)
    filters *= 2
  }
  return [
    ...layers,
    { kind: 'flatten' },
    { kind: 'dense', units: large ? 128 : 48 },
    relu,
    { kind: 'dropout', share: 0.2 },
  ]
}

function textLayers({ shape, words = 2 }: InputShape, large: boolean): readonly Layer[] {
  if (!large || shape[0]! < 3)
    return [
      { kind: 'wordMean', levels: words, width: 32 },
      { kind: 'dropout', share: 0.2 },
      { kind: 'dense', units: 32 },
      relu,
    ]
  return [
    { kind: 'embedding', levels: words, width: 48 },
    { kind: 'sequenceConvolution', filters: 96, size: 3 },
    relu,
    { kind: 'sequenceMaximum' },
    { kind: 'dropout', share: 0.3 },
    { kind: 'dense', units: 32 },
    relu,
  ]
}

const marks = (kind: Layer['kind']) => kind === 'residualStart' || kind === 'residualEnd'

const shapeAfter = (inputs: readonly number[], layers: readonly Layer[]) =>
  layoutOf({ inputs, layers: layers.filter(({ kind }) => !marks(kind)) }).outputs

export interface LayerFact {
  readonly kind: Layer['kind']
  readonly shape: readonly number[]
  readonly parameters: number
}

/** Output and parameters of each layer; a design whose layers do not fit is a problem at the layers. */
export function layerFacts(network: Network): readonly LayerFact[] {
  try {
    const { parameters } = layoutOf(network)
    const facts = network.layers.map((layer, index) => ({
      kind: layer.kind,
      shape: shapeAfter(network.inputs, network.layers.slice(0, index + 1)),
      parameters: vectorLength(parameters.filter((part) => part.layer === index)),
    }))
    const empty = facts.findIndex(({ shape }) => shape.some((length) => length < 1))
    if (empty < 0) return facts
    throw new RangeError(`layer ${empty + 1}, ${network.layers[empty]!.kind}, leaves nothing of the picture or text`)
  } catch (error) {
    throw designProblem(error)
  }
}

/** What a design that can not be built is told as. */
export function designProblem(error: unknown): unknown {
  if (!(error instanceof RangeError || error instanceof TypeError)) return error
  const reason = error instanceof RangeError ? `: ${error.message}` : ', for its input has another form'
  return new ProblemError(
    {
      code: 'parameter-bad',
      message: `The layers do not fit each other${reason}.`,
      path: ['params', 'layers'],
      fix: 'Change the layers, or let the design be found',
    },
    { cause: error },
  )
}
