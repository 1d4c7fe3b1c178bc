import type { Kernels } from '#contract'

/** The kernels of this backend, each loaded when it is first asked for. */
export function createKernels(): Kernels {
  return {
    trees: async () => (await import('./wasm/trees/tree-kernels.ts')).wasmTreeKernels,
    forest: async () => (await import('./wasm/forest/forest-kernels.ts')).wasmForestKernels,
    shap: async () => (await import('./wasm/shap/shap-kernels.ts')).wasmShapKernels,
    dense: async () => (await import('./wasm/dense/dense-kernels.ts')).wasmDenseKernels,
    sessions: async (threads) => (await import('./neural/onnx-session.ts')).onnxSessions(threads),
    async accelerators(library) {
      if (library === 'onnxruntime') return (await import('./neural/onnx-devices.ts')).onnxDevices()
      const { findTensorFlow } = await import('./neural/tensorflow/find-tensorflow.ts')
      return [{ find: () => findTensorFlow() }]
    },
  }
}
