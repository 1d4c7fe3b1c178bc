import { parentPort, workerData } from 'node:worker_threads'
import type { GrowerSetup } from '#contract'
import { type KernelExports, place } from './place-thread.ts'

/** A further thread of a grower: does what the first does, tree by tree, until it is told to stop. */
const { module, memory, setup, thread, stopAt } = workerData as {
  module: WebAssembly.Module
  memory: WebAssembly.Memory
  setup: GrowerSetup
  thread: number
  stopAt: number
}
const kernels = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports as unknown as KernelExports
const stop = new Int32Array(memory.buffer, setup.buffers[9] + stopAt, 1)
place(kernels, setup, thread)
parentPort?.postMessage('ready')
kernels.barrier()
kernels.prime()
for (;;) {
  kernels.barrier()
  if (Atomics.load(stop, 0) === 1) break
  kernels.growTree()
}
