import { createRequire } from 'node:module'
import path from 'node:path'
import type { Accelerator } from '#contract'
import { tensorFlowAccelerator } from './tensorflow-accelerator.ts'
import type { TensorFlow } from './values.ts'

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/**
 * TensorFlow.js where the user has installed it, beside the program or in the folder that the program was started from
 * (also where NODE_PATH leads), with a graphics processor before without; else why it is not used.
 */
export async function findTensorFlow(names = packages): Promise<Accelerator | { readonly missing: string }> {
  const [found] = names.flatMap((name) => located(name) ?? [])
  if (!found) return { missing: `${names[0]} is not installed` }
  try {
    restoreNodeFunction()
    const tf = createRequire(import.meta.url)(found.file) as TensorFlow
    tf.enableProdMode()
    await tf.ready()
    return tensorFlowAccelerator(tf, `TensorFlow.js on ${deviceOf(tf)}`)
  } catch (error) {
    return { missing: `${found.name} does not start: ${String(error).slice(0, 200)}` }
  }
}

function located(name: string): { readonly name: string; readonly file: string } | undefined {
  for (const from of [import.meta.url, path.join(process.cwd(), 'package.json')])
    try {
      return { name, file: createRequire(from).resolve(name) }
    } catch {
      // Not there: the next place.
    }
  return undefined
}

/** tfjs-node 4.22 calls a function of `util` that Node 23 took away. */
function restoreNodeFunction(): void {
  const util = createRequire(import.meta.url)('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
}

function deviceOf(tf: TensorFlow): string {
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  return isUsingGpuDevice ? 'the graphics processor' : 'the CPU'
}
