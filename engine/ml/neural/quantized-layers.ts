import type { Range } from './calibrated-range.ts'
import { int8Weights } from './int8-weights.ts'
import { type LayerContext, runLayer } from './layers.ts'
import type { Layer, Network } from './network.ts'
import { add, cast, multiply } from './operators/arithmetic.ts'
import { sizeOf } from './shape.ts'
import type { Tape, Value } from './tape.ts'

/** Gives the next values of a flat vector, as many as asked. */
export type Take = (count: number) => Float32Array

/** Where activations are looked at: what goes into a layer, or comes out of it (and of its relu). */
export type Point = `in ${number}` | `out ${number}`

/** What becomes of the activations that enter or leave a layer with weights, and of such a layer. */
export interface Quantizer {
  point(value: Value, at: Point): Value
  weighted(x: Value, layer: Layer, plain: LayerContext): Value
}

/** Layers that int8 makes smaller. */
export const isWeighted = (layer: Layer | undefined) => layer?.kind === 'dense' || layer?.kind === 'convolution'
const isRelu = (layer: Layer | undefined) => layer?.kind === 'activation' && layer.function === 'relu'

/**
 * The layers of a folded network in a row, with a point before each layer with weights and after it (after its relu), but
 * for the last one, whose outputs stay as fine as they are. Layers in `fine` (numbers in the folded network) stay floats.
 */
export function quantizedForward(
  tape: Tape,
  network: Network,
  x: Value,
  take: { parameters: Take; statistics: Take },
  quantizer: Quantizer,
  fine: ReadonlySet<number> = new Set(),
): Value {
  const { layers } = network
  const last = layers.findLastIndex(isWeighted)
  let [value, pointed]: [Value, Value | undefined] = [x, undefined]
  const open: Value[] = []
  layers.forEach((layer, number) => {
    const float = (from: Take) => (_: unknown, shape: readonly number[]) =>
      tape.constant('float', shape, from(sizeOf(shape)))
    const plain: LayerContext = {
      tape,
      layer: number,
      parameter: float(take.parameters),
      statistic: float(take.statistics),
      open,
    }
    if (isWeighted(layer) && !fine.has(number)) {
      if (value !== pointed) value = quantizer.point(value, `in ${number}`)
      value = quantizer.weighted(value, layer, plain)
    } else value = runLayer(plain, value, layer)
    const source = isRelu(layer) ? number - 1 : number
    const ends = isWeighted(layers[source]) && (source < number || !isRelu(layers[number + 1]))
    if (ends && number < last && !fine.has(source)) {
      value = quantizer.point(value, `out ${source}`)
      pointed = value
    }
  })
  return value
}

/** Lets everything be and notes the points; what goes into a layer always, since the layer before may stay fine. */
export function noting(points: Map<Point, Value>): Quantizer {
  return {
    point(value, at) {
      points.set(at, value)
      return value
    },
    weighted(x, layer, plain) {
      points.set(`in ${plain.layer}`, x)
      return runLayer(plain, x, layer)
    },
  }
}

/**
 * QDQ: activations as uint8 with the range of their point, weights int8 per channel, biases int32 in steps of both.
 * ONNX Runtime fuses them into integer operators.
 */
export function staticQuantizer(tape: Tape, ranges: ReadonlyMap<Point, Range>, take: Take): Quantizer {
  let inputScale = 1
  return {
    point(value, at) {
      const [low, high] = ranges.get(at)!
      inputScale = Math.fround((high - low) / 255) || 1
      const scale = tape.constant('float', [], [inputScale])
      const zero = tape.constant('uint8', [], [Math.round(-low / inputScale)])
      const whole = tape.apply('QuantizeLinear', [value, scale, zero], { shape: value.shape, type: 'uint8' })
      return tape.apply('DequantizeLinear', [whole, scale, zero], { shape: value.shape, type: 'float' })
    },
    weighted(x, layer, plain) {
      const axis = layer.kind === 'dense' ? 1 : 0
      let scales = new Float32Array(0)
      const parameter: LayerContext['parameter'] = (role, shape) => {
        const taken = take(sizeOf(shape))
        if (role === 'bias')
          return int32Bias(
            tape,
            taken,
            scales.map((scale) => scale * inputScale),
          )
        const weights = int8Weights(taken, shape[axis]!, axis)
        scales = Float32Array.from(weights.scales)
        return dequantized(tape, tape.constant('int8', shape, weights.values), weights.scales, axis)
      }
      return runLayer({ ...plain, parameter }, x, layer)
    },
  }
}

function dequantized(tape: Tape, whole: Value, scales: Float32Array, axis: number): Value {
  const steps = tape.constant('float', [scales.length], scales)
  const attributes = { axis: { int: axis } }
  return tape.apply('DequantizeLinear', [whole, steps], { shape: whole.shape, type: 'float', attributes })
}

function int32Bias(tape: Tape, bias: Float32Array, scales: Float32Array): Value {
  const whole = Int32Array.from(bias, (value, channel) => Math.round(value / scales[channel]!))
  return dequantized(tape, tape.constant('int32', [bias.length], whole), scales, 0)
}

/** Dense layers multiply integers, inputs rounded to the range of each call; convolutions stay float. */
export function dynamicQuantizer(tape: Tape, take: Take): Quantizer {
  return {
    point: (value) => value,
    weighted(x, layer, plain) {
      if (layer.kind !== 'dense') return runLayer(plain, x, layer)
      const inputs = x.shape.at(-1)!
      const { values, scales } = int8Weights(take(inputs * layer.units), layer.units, 1)
      const facts = [
        { shape: x.shape, type: 'uint8' },
        { shape: [], type: 'float' },
        { shape: [], type: 'uint8' },
      ] as const
      const [whole, step, zero] = tape.applyMany('DynamicQuantizeLinear', [x], facts, {}, [])
      const weights = tape.constant('int8', [inputs, layer.units], values)
      const shape = [...x.shape.slice(0, -1), layer.units]
      const product = tape.apply('MatMulInteger', [whole!, weights, zero!], { shape, type: 'int32' })
      const steps = multiply(tape, tape.constant('float', [layer.units], scales), step!)
      const bias = tape.constant('float', [layer.units], take(layer.units))
      return add(tape, multiply(tape, cast(tape, product, 'float'), steps), bias)
    },
  }
}
