import type { Tensor } from '@tensorflow/tfjs'
import type { Accelerator, DeviceSession, DeviceTensor, SessionTensor } from '#contract'
import { type ReadGraph, readModel } from '#ml/onnx/read-model'
import { ruleOf, runOperator } from './operators.ts'
import { isWhole, type TensorFlow, type Value } from './values.ts'

/** A tensor of ours around one of TensorFlow.js. */
class HeldTensor implements DeviceTensor {
  readonly location = 'device'
  readonly tensor: Tensor
  constructor(tensor: Tensor) {
    this.tensor = tensor
  }
  dispose(): void {
    this.tensor.dispose()
  }
}

/** Training graphs run by TensorFlow.js, operator by operator, wherever its backend computes. */
export function tensorFlowAccelerator(tf: TensorFlow, name: string): Accelerator {
  return { name, open: async (model, kept) => openSession(tf, readModel(model), kept) }
}

function openSession(tf: TensorFlow, graph: ReadGraph, kept: readonly string[]): DeviceSession {
  for (const { operator } of graph.nodes) ruleOf(operator)
  const constants = graph.constants.map(
    ({ name, type, dimensions, values }) => [name, deviceValue(tf, type, dimensions, values as Float32Array)] as const,
  )
  return {
    async run(inputs) {
      const outputs = tf.tidy(() => evaluate(tf, graph, new Map<string, Value>([...constants, ...given(tf, inputs)])))
      const read = await Promise.all(
        graph.outputs
          .filter((name) => !kept.includes(name))
          .map(async (name) => [name, await readOut(outputs[name]!)] as const),
      )
      const held = kept.map((name) => [name, new HeldTensor(outputs[name]!)] as const)
      return { read: Object.fromEntries(read), kept: Object.fromEntries(held) }
    },
    async release() {
      for (const [, value] of constants) if (!isWhole(value)) value.dispose()
    },
  }
}

function deviceValue(tf: TensorFlow, type: string, shape: readonly number[], values: SessionTensor['values']): Value {
  if (type === 'float') return tf.tensor(values as Float32Array, [...shape], 'float32')
  if (type === 'int64' || type === 'int32' || type === 'uint32') return { shape, whole: Array.from(values, Number) }
  throw new RangeError(`TensorFlow.js is not used for numbers of type ${type}`)
}

function given(
  tf: TensorFlow,
  inputs: Readonly<Record<string, SessionTensor | DeviceTensor>>,
): readonly (readonly [string, Value])[] {
  return Object.entries(inputs).map(([name, value]) => {
    if (value instanceof HeldTensor) return [name, value.tensor]
    if ('location' in value) throw new TypeError(`${name} lies on another device`)
    return [name, deviceValue(tf, value.type, value.shape, value.values)]
  })
}

function evaluate(tf: TensorFlow, graph: ReadGraph, values: Map<string, Value>): Record<string, Tensor> {
  for (const { operator, inputs, outputs, attributes } of graph.nodes) {
    const found = runOperator(
      tf,
      operator,
      inputs.map((name) => values.get(name)),
      attributes,
    )
    outputs.forEach((name, index) => values.set(name, found[index]!))
  }
  return Object.fromEntries(graph.outputs.map((name) => [name, values.get(name) as Tensor]))
}

async function readOut(tensor: Tensor): Promise<SessionTensor> {
  const values = (await tensor.data()) as Float32Array
  tensor.dispose()
  return { type: 'float', shape: tensor.shape, values }
}
