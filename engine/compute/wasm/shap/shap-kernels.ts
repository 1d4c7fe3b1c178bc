import { readFileSync } from 'node:fs'
import type { ShapKernels, ShapSession } from '#contract'

const module = new WebAssembly.Module(readFileSync(new URL('shap.wasm', import.meta.url)))
const pageBytes = 65_536

/** Tree explanations on WebAssembly memory of their own. */
export const wasmShapKernels: ShapKernels = {
  open(bytes) {
    const memory = new WebAssembly.Memory({
      initial: Math.max(16, Math.ceil(bytes / pageBytes)),
      maximum: 65_536,
      shared: true,
    })
    const kernels = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports as unknown as Omit<
      ShapSession,
      'buffer'
    >
    const { setScratch, walkTree, walkQuadrature, distinctMasks, scoreTree } = kernels
    return { buffer: memory.buffer, setScratch, walkTree, walkQuadrature, distinctMasks, scoreTree }
  },
}
