import { readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import type { GrowerSetup, TreeKernels, TreeSession } from '#contract'
import { type KernelExports, place } from './place-thread.ts'

const module = new WebAssembly.Module(readFileSync(new URL('trees.wasm', import.meta.url)))
const pageBytes = 65_536
/** What the module declares. */
const leastPages = 16
/** Byte of the control area that tells the other threads to stop. */
const stopAt = 128

function openSession({ bytes, threads }: { readonly bytes: number; readonly threads: number }): TreeSession {
  const memory = new WebAssembly.Memory({
    initial: Math.max(leastPages, Math.ceil(bytes / pageBytes) + 1),
    maximum: 65_536,
    shared: true,
  })
  const kernels = new WebAssembly.Instance(module, { env: { memory, abort() {} } }).exports as unknown as KernelExports
  const workers: Worker[] = []
  let stop: Int32Array | undefined
  return {
    buffer: memory.buffer,
    binColumn: (source, rows, ...rest) => kernels.binColumn(source, 0, rows, ...rest),
    async begin(setup: GrowerSetup) {
      place(kernels, setup, 0)
      stop = new Int32Array(memory.buffer, setup.buffers[9] + stopAt, 1)
      for (let thread = 1; thread < threads; thread++) {
        const worker = new Worker(new URL('./tree-thread.ts', import.meta.url), {
          workerData: { module, memory, setup, thread, stopAt },
        })
        workers.push(worker)
      }
      await Promise.all(
        workers.map(
          (worker) => new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject)),
        ),
      )
    },
    prime() {
      kernels.barrier()
      kernels.prime()
    },
    growTree() {
      kernels.barrier()
      return kernels.growTree()
    },
    async close() {
      if (stop) Atomics.store(stop, 0, 1)
      if (workers.length > 0) kernels.barrier()
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

/** Tree growing on shared WebAssembly memory, one worker thread beside the caller for each further thread. */
export const wasmTreeKernels: TreeKernels = { open: openSession }
