import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { InferenceSession, listSupportedBackends, type Tensor } from 'onnxruntime-node'
import type { Accelerator, AcceleratorOffer, DeviceSession, DeviceTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { fromTensor, toTensor } from './onnx-session.ts'

/** What ONNX Runtime calls its devices and people do, the first to be tried first. */
const names = { webgpu: 'WebGPU', cuda: 'CUDA', dml: 'DirectML', coreml: 'CoreML' } as const
type Provider = keyof typeof names | 'cpu'

/** A tensor of ours around one of ONNX Runtime's, on the device where the provider keeps it there. */
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
 * ONNX Runtime on one of its providers. Tensors stay on the device with WebGPU alone: they are read by a session that
 * gives them back to the CPU, never with `getData`, which ends the process (onnxruntime-node 1.30). With the others they
 * travel.
 */
async function open(provider: Provider, model: Uint8Array, kept: readonly string[]): Promise<DeviceSession> {
  const session = await InferenceSession.create(model, {
    executionProviders: [provider],
    ...(provider === 'webgpu' && {
      preferredOutputLocation: Object.fromEntries(kept.map((name) => [name, 'gpu-buffer' as const])),
    }),
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
      const held = results.filter(([name]) => kept.includes(name))
      const read = results.filter(([name]) => !kept.includes(name))
      return {
        read: Object.fromEntries(read.map(([name, tensor]) => [name, fromTensor(tensor)])),
        kept: Object.fromEntries(held.map(([name, tensor]) => [name, new HeldTensor(tensor)])),
      }
    },
    release: () => session.release(),
  }
}

/** Whether a sum on the device comes out right. */
async function probe(provider: Provider): Promise<void> {
  const graph = createGraph('probe')
  const twice = graph.apply('Add', [graph.input('x', 'float', [3]), graph.input('x', 'float', [3])])
  graph.node('Identity', [twice], {}, { outputs: ['y'] })
  graph.output('y', 'float', [3])
  const session = await open(provider, graph.encode(), [])
  const { read } = await session.run({ x: { type: 'float', shape: [3], values: Float32Array.of(1, 2, 3) } })
  await session.release()
  if (read['y']?.values.join() !== '2,4,6') throw new Error('it adds wrongly')
}

type Found = Accelerator | { readonly missing: string }

/** A device of ONNX Runtime under a name for people; looked for when it is asked for. */
export async function findOnnxDevice(provider: Provider, name: string): Promise<Found> {
  try {
    await probe(provider)
    return { name, open: (model, kept) => open(provider, model, kept) }
  } catch (error) {
    return { missing: reasonOf(error, name) }
  }
}

const found = new Map<Provider, Promise<Found>>()

/**
 * The devices that this build of ONNX Runtime has, each looked for once a process (a step has a process of its own).
 * Providers that do not come with it are only asked for when their library lies beside it.
 */
export function onnxDevices(): readonly AcceleratorOffer[] {
  const there = new Map(listSupportedBackends().map(({ name, bundled }) => [name, bundled]))
  return (Object.keys(names) as (keyof typeof names)[])
    .filter((provider) => there.get(provider) || (there.has(provider) && hasLibrary(provider)))
    .map((provider) => ({
      find() {
        const known = found.get(provider) ?? findOnnxDevice(provider, names[provider])
        found.set(provider, known)
        return known
      },
    }))
}

function hasLibrary(provider: string): boolean {
  const folder = path.join(path.dirname(createRequire(import.meta.url).resolve('onnxruntime-node')), '../bin/napi-v6')
  const file =
    process.platform === 'win32' ? `onnxruntime_providers_${provider}.dll` : `libonnxruntime_providers_${provider}.so`
  return existsSync(path.join(folder, process.platform, process.arch, file))
}

function reasonOf(error: unknown, name: string): string {
  const text = error instanceof Error ? error.message : String(error)
  if (/adapter/i.test(text)) return 'no graphics processor was found'
  return `${name} does not work here: ${text.slice(0, 200)}`
}
