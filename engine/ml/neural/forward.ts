import { createGraph } from '#ml/onnx/graph-builder'
import type { Random } from '#ml/random/random'
import { runLayer, type TrainingContext } from './layers.ts'
import type { Layer, Network, VectorPart } from './network.ts'
import type { Draw } from './operators/dropout.ts'
import { reshape, split } from './operators/layout.ts'
import { sizeOf } from './shape.ts'
import { createTape, type Tape, type Value } from './tape.ts'

/** How the two flat vectors of a network divide, and what it gives for one example. */
export interface NetworkLayout {
  readonly parameters: readonly VectorPart[]
  /** Running means and variances of batch normalization. */
  readonly statistics: readonly VectorPart[]
  readonly outputs: readonly number[]
  /** What layers of dropout see of one example. */
  readonly dropouts: readonly Draw[]
}

export const vectorLength = (parts: readonly VectorPart[]): number =>
  parts.reduce((length, { shape }) => length + sizeOf(shape), 0)

/** Walks the layers once on a scratch graph and notes what each asks for. */
export function layoutOf(network: Network): NetworkLayout {
  const tape = createTape(createGraph('layout'))
  const parameters: VectorPart[] = []
  const statistics: VectorPart[] = []
  const noting = (parts: VectorPart[], layer: number) => {
    return (role: VectorPart['role'], shape: readonly number[], start: VectorPart['start']) => {
      parts.push({ layer, role, shape, start })
      return tape.input(`${layer} ${role}`, shape)
    }
  }
  const x = tape.input('x', [-1, ...network.inputs])
  const open: Value[] = []
  const dropouts: Draw[] = []
  const y = network.layers.reduce((value, layer, number) => {
    if (layer.kind === 'dropout' && layer.share > 0)
      dropouts.push({ shape: value.shape.slice(1), share: layer.share, layer: number })
    const [parameter, statistic] = [noting(parameters, number), noting(statistics, number)]
    return runLayer({ tape, layer: number, parameter, statistic, open }, value, layer)
  }, x)
  if (open.length > 0) throw new RangeError('a residual begins that does not end')
  return { parameters, statistics, outputs: y.shape.slice(1), dropouts }
}

/** Values of a flat vector's parts. */
export function unpack(tape: Tape, vector: Value, parts: readonly VectorPart[]): readonly Value[] {
  const pieces = split(
    tape,
    vector,
    0,
    parts.map(({ shape }) => sizeOf(shape)),
  )
  return parts.map(({ shape }, index) => (shape.length === 1 ? pieces[index]! : reshape(tape, pieces[index]!, shape)))
}

/** Writes the layers one after another; parts are taken in the order of the layout. */
export function forward(
  tape: Tape,
  network: Network,
  x: Value,
  parts: { readonly parameters: readonly Value[]; readonly statistics: readonly Value[] },
  training?: TrainingContext,
): Value {
  let [parametersTaken, statisticsTaken] = [0, 0]
  const parameter = () => parts.parameters[parametersTaken++]!
  const statistic = () => parts.statistics[statisticsTaken++]!
  const open: Value[] = []
  const layers = poolFirst(network.layers)
  const centered = (number: number) => training !== undefined && layers[number]?.kind === 'batchNorm'
  return layers.reduce(
    (value, layer, number) =>
      runLayer(
        {
          tape,
          layer: number,
          parameter,
          statistic,
          open,
          centeredNext: centered(number + 1),
          ...(training && { training }),
        },
        value,
        layer,
      ),
    x,
  )
}

/** The largest of a window and an increasing function may change places: the same result from a quarter of the work. */
function poolFirst(layers: readonly Layer[]): readonly Layer[] {
  const ordered = [...layers]
  for (let at = 0; at + 1 < ordered.length; at++) {
    const [layer, next] = [ordered[at]!, ordered[at + 1]!]
    const increasing = layer.kind === 'activation' && (layer.function === 'relu' || layer.function === 'leakyRelu')
    if (increasing && next.kind === 'maxPool') ordered.splice(at, 2, next, layer)
  }
  return ordered
}

/** A flat vector before training. */
export function startVector(parts: readonly VectorPart[], random: Random): Float32Array {
  const vector = new Float32Array(vectorLength(parts))
  let at = 0
  parts.forEach(({ shape, start }, index) => {
    const own = random.split(index)
    for (const end = at + sizeOf(shape); at < end; at++) {
      if (start.kind === 'uniform') vector[at] = (2 * own.uniform() - 1) * start.bound
      else vector[at] = start.kind === 'normal' ? own.normal() : start.value
    }
  })
  return vector
}
