import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { OpenSession, SessionTensor } from '#contract'

/**
 * Sessions of ONNX Runtime on the CPU. Results depend on the number of threads in the last bits, so whoever needs the
 * same bytes everywhere names it. A run blocks its thread: networks train in a process of their own.
 */
export function onnxSessions(threads = 1): OpenSession {
  return async (model, brief = false) => {
    const session = await InferenceSession.create(model, {
      executionProviders: ['cpu'],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      ...(brief && { graphOptimizationLevel: 'disabled' }),
      logSeverityLevel: 3,
    })
    return {
      async run(inputs) {
        const feeds = Object.entries(inputs).map(([name, tensor]) => [name, toTensor(tensor)] as const)
        const results = await session.run(Object.fromEntries(feeds))
        return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, fromTensor(tensor)]))
      },
      release: () => session.release(),
    }
  }
}

/** Ours to ONNX Runtime's. */
export function toTensor({ type, shape, values }: SessionTensor): Tensor {
  if (type === 'float') return new Tensor('float32', values, shape)
  if (type === 'double') return new Tensor('float64', values, shape)
  return type === 'int32' ? new Tensor('int32', values, shape) : new Tensor('int64', values, shape)
}

/** ONNX Runtime's, on the CPU, to ours. */
export function fromTensor({ data, dims: shape, type }: Tensor): SessionTensor {
  if (data instanceof Float32Array) return { type: 'float', shape, values: data }
  if (data instanceof Float64Array) return { type: 'double', shape, values: data }
  if (data instanceof Int32Array) return { type: 'int32', shape, values: data }
  if (data instanceof BigInt64Array) return { type: 'int64', shape, values: data }
  throw new TypeError(`A network gave a tensor of ${type}`)
}
