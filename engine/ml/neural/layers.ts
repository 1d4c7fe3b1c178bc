import type { Activation, Layer, Start, VectorPart } from './network.ts'
import { add, cast, compare, divide, maximum, multiply, where } from './operators/arithmetic.ts'
import { convolve } from './operators/convolution.ts'
import type { Draw } from './operators/dropout.ts'
import { gelu, leakyRelu, relu, sigmoid, tanh } from './operators/elementwise.ts'
import { gatherRows } from './operators/gather.ts'
import { concat, reshape, slice } from './operators/layout.ts'
import { affine, batchedProduct } from './operators/matrix.ts'
import { applyBatchNorm, batchNorm, layerNorm, type Presence } from './operators/normalization.ts'
import { averagePool, globalAveragePool, maxPool } from './operators/pooling.ts'
import { largest, sum } from './operators/reduction.ts'
import { sameShape, sizeOf } from './shape.ts'
import type { Tape, Value } from './tape.ts'

/** What only a training step has. */
export interface TrainingContext {
  /** Which rows only fill up the batch; asked for by normalizations. */
  presence(): Presence
  /** Of dropout, others each step. */
  factors(draw: Draw): Value
  /** Takes the batch's mean and variance of a normalization. */
  observe(mean: Value, variance: Value): void
}

/** Where a layer asks for its part of the flat vectors. */
export interface LayerContext {
  readonly tape: Tape
  readonly layer: number
  parameter(role: VectorPart['role'], shape: readonly number[], start: Start): Value
  statistic(role: VectorPart['role'], shape: readonly number[], start: Start): Value
  readonly training?: TrainingContext
  /** Batch normalization follows and takes any constant away: a bias would only move by rounding, of which Adam makes whole steps. */
  readonly centeredNext?: boolean
  /** Values that wait for the end of their residual, the innermost last. */
  readonly open: Value[]
}

type Rule<Kind extends Layer['kind']> = (
  context: LayerContext,
  x: Value,
  layer: Extract<Layer, { readonly kind: Kind }>,
) => Value

const zero: Start = { kind: 'constant', value: 0 }
const one: Start = { kind: 'constant', value: 1 }

/** Of vectors that stand beside scaled numbers or are averaged. */
const small: Start = { kind: 'uniform', bound: 0.5 }

/** Vectors of all columns in one table: missing, unseen, then the levels. */
function columnStarts(levels: readonly number[]): readonly [total: number, starts: readonly number[]] {
  let total = 0
  const starts = levels.map((count) => {
    total += count + 2
    return total - count
  })
  return [total, starts]
}

const shapeText = ({ shape }: Value) => `[${shape.slice(1).join(', ')}]`

/** PyTorch's start of weights and biases: uniform within ±1 / √inputs. */
const uniform = (inputs: number): Start => ({ kind: 'uniform', bound: 1 / Math.sqrt(inputs) })

const activations: Readonly<Record<Activation, (tape: Tape, x: Value) => Value>> = {
  relu,
  leakyRelu,
  gelu,
  tanh,
  sigmoid,
}

const rules: { readonly [Kind in Layer['kind']]: Rule<Kind> } = {
  dense({ tape, parameter, centeredNext }, x, { units }) {
    const inputs = x.shape.at(-1)!
    const weights = parameter('weights', [inputs, units], uniform(inputs))
    const bias = parameter('bias', [units], uniform(inputs))
    if (x.shape.length === 2) return affine(tape, x, weights, bias, centeredNext)
    return add(tape, batchedProduct(tape, x, weights), bias)
  },
  convolution({ tape, parameter, centeredNext = false }, x, layer) {
    const shape = [layer.filters, x.shape[1]! / (layer.groups ?? 1), layer.size, layer.size]
    const start = uniform(sizeOf(shape.slice(1)))
    const [weights, bias] = [parameter('weights', shape, start), parameter('bias', [layer.filters], start)]
    return convolve(tape, x, weights, bias, { ...layer, fixedBias: centeredNext })
  },
  maxPool: ({ tape }, x, layer) => maxPool(tape, x, layer),
  averagePool: ({ tape }, x, layer) => averagePool(tape, x, layer, layer.countPadding ?? true),
  globalAveragePool: ({ tape }, x) => globalAveragePool(tape, x),
  flatten: ({ tape }, x) => reshape(tape, x, [x.shape[0]!, sizeOf(x.shape.slice(1))]),
  activation: ({ tape }, x, layer) => activations[layer.function](tape, x),
  dropout: ({ tape, training, layer: number }, x, { share }) =>
    training && share > 0 ? multiply(tape, x, training.factors({ shape: x.shape, share, layer: number })) : x,
  batchNorm({ tape, parameter, statistic, training }, x) {
    const channels = [x.shape[1]!]
    const [gain, shift] = [parameter('gain', channels, one), parameter('shift', channels, zero)]
    const [mean, variance] = [statistic('mean', channels, zero), statistic('variance', channels, one)]
    if (!training) return applyBatchNorm(tape, x, gain, shift, mean, variance)
    const batch = batchNorm(tape, x, gain, shift, training.presence())
    training.observe(batch.mean, batch.variance)
    return batch.output
  },
  layerNorm({ tape, parameter }, x) {
    const width = [x.shape.at(-1)!]
    return layerNorm(tape, x, parameter('gain', width, one), parameter('shift', width, zero))
  },
  embedding({ tape, parameter }, x, { levels, width }) {
    return gatherRows(tape, parameter('weights', [levels, width], { kind: 'normal' }), cast(tape, x, 'int64'))
  },
  columnEmbedding({ tape, parameter }, x, { numbers, levels, width }) {
    const [rows, all] = x.shape as [number, number]
    const codes = slice(tape, x, 1, numbers, all)
    const [total, starts] = columnStarts(levels)
    const places = cast(tape, add(tape, codes, tape.constant(tape.real, [1, starts.length], starts)), 'int64')
    const vectors = gatherRows(tape, parameter('weights', [total, width], small), places)
    const unseen = reshape(tape, compare(tape, 'Equal', codes, tape.number(-1)), [...codes.shape, 1])
    const flat = reshape(tape, where(tape, unseen, tape.number(0), vectors), [rows, (all - numbers) * width])
    return numbers === 0 ? flat : concat(tape, [slice(tape, x, 1, 0, numbers), flat], 1)
  },
  wordMean({ tape, parameter }, x, { levels, width }) {
    const vectors = gatherRows(tape, parameter('weights', [levels, width], small), cast(tape, x, 'int64'))
    const there = cast(tape, compare(tape, 'Greater', x, tape.number(0)), tape.real)
    const total = sum(tape, multiply(tape, vectors, reshape(tape, there, [...x.shape, 1])), [1])
    return divide(tape, total, maximum(tape, sum(tape, there, [1], true), tape.number(1)))
  },
  sequenceConvolution({ tape, parameter }, x, { filters, size }) {
    const [, places, width] = x.shape as [number, number, number]
    const start = uniform(width * size)
    const weights = parameter('weights', [size * width, filters], start)
    const bias = parameter('bias', [filters], start)
    const runs = Array.from({ length: size }, (_, at) => slice(tape, x, 1, at, places - size + 1 + at))
    return add(tape, batchedProduct(tape, concat(tape, runs, 2), weights), bias)
  },
  sequenceMaximum: ({ tape }, x) => largest(tape, x, 1),
  residualStart({ open }, x) {
    open.push(x)
    return x
  },
  residualEnd({ tape, open }, x) {
    const before = open.pop()
    if (!before || !sameShape(before.shape, x.shape))
      throw new RangeError(
        before
          ? `a residual begins with ${shapeText(before)} and ends with ${shapeText(x)}`
          : 'a residual ends that did not begin',
      )
    return add(tape, x, before)
  },
}

export function runLayer(context: LayerContext, x: Value, layer: Layer): Value {
  const rule = rules[layer.kind] as Rule<Layer['kind']>
  return rule(context, x, layer as never)
}
