import { InferenceSession, type Tensor } from 'onnxruntime-node'
import type { Accelerator, DeviceSession, DeviceTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { fromTensor, toTensor } from './onnx-session.ts'

/** A tensor of ours around one of ONNX Runtime's on the device. */
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

/**
 * ONNX Runtime on WebGPU. Tensors on the device are read by a session that gives them back to the CPU, never with
 * `getData`, which ends the process (onnxruntime-node 1.30).
 */
async function open(model: Uint8Array, kept: readonly string[]): Promise<DeviceSession> {
  const session = await InferenceSession.create(model, {
    executionProviders: ['webgpu'],
    preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, 'gpu-buffer' as const])),
    logSeverityLevel: 3,
  })
  return {
    async run(inputs) {
      const feeds = Object.entries(inputs).map(([name, value]) => {
        if (value instanceof HeldTensor) return [name, value.tensor] as const
        if ('location' in value) throw new TypeError(`${name} lies on another device`)
        return [name, toTensor(value)] as const
      })
      const results = Object.entries(await session.run(Object.fromEntries(feeds)))
      const held = results.filter(([, tensor]) => tensor.location === 'gpu-buffer')
      const read = results.filter(([, tensor]) => tensor.location !== 'gpu-buffer')
      return {
        read: Object.fromEntries(read.map(([name, tensor]) => [name, fromTensor(tensor)])),
        kept: Object.fromEntries(held.map(([name, tensor]) => [name, new HeldTensor(tensor)])),
      }
    },
    release: () => session.release(),
  }
}

/** Whether a sum on the device comes out right. */
async function probe(): Promise<void> {
  const graph = createGraph('probe')
  const twice = graph.apply('Add', [graph.input('x', 'float', [3]), graph.input('x', 'float', [3])])
  graph.node('Identity', [twice], {}, { outputs: ['y'] })
  graph.output('y', 'float', [3])
  const session = await open(graph.encode(), [])
  const { read } = await session.run({ x: { type: 'float', shape: [3], values: Float32Array.of(1, 2, 3) } })
  await session.release()
  if (read['y']?.values.join() !== '2,4,6') throw new Error('it adds wrongly')
}

let found: Promise<Accelerator | { readonly missing: string }> | undefined

/** The graphics processor of this machine; looked for once a process, and a step has a process of its own. */
export function webGpu(): Promise<Accelerator | { readonly missing: string }> {
  found ??= probe().then(
    () => ({ name: 'WebGPU', open }),
    (error: unknown) => ({ missing: reasonOf(error) }),
  )
  return found
}

function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (/adapter/i.test(text)) return 'no graphics processor was found'
  return `the graphics processor does not work: ${text.slice(0, 200)}`
}
