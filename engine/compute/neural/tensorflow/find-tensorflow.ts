import { createRequire } from 'node:module'
import type { Accelerator } from '#contract'
import { tensorFlowAccelerator } from './tensorflow-accelerator.ts'
import type { TensorFlow } from './values.ts'

const packages = ['@tensorflow/tfjs-node-gpu', '@tensorflow/tfjs-node']

/**
 * TensorFlow.js where the user has installed it, with a graphics processor before without; else why it is not used. Looked for
 * beside the program and where NODE_PATH leads: never in the folder of a project, whose files are not trusted to run.
 */
export async function findTensorFlow(names = packages): Promise<Accelerator | { readonly missing: string }> {
  const require = createRequire(import.meta.url)
  const found = names.find((name) => isInstalled(require, name))
  if (!found) return { missing: `${names[0]} is not installed` }
  try {
    restoreNodeFunction(require)
    const tf = require(found) as TensorFlow
    tf.enableProdMode()
    await tf.ready()
    return tensorFlowAccelerator(tf, `TensorFlow.js on ${deviceOf(tf)}`)
  } catch (error) {
    return { missing: `${found} does not start: ${String(error).slice(0, 200)}` }
  }
}

function isInstalled(require: NodeJS.Require, name: string): boolean {
  try {
    require.resolve(name)
    return true
  } catch {
    return false
  }
}

/** tfjs-node 4.22 calls a function of `util` that Node 23 took away. */
function restoreNodeFunction(require: NodeJS.Require): void {
  const util = require('node:util') as { isNullOrUndefined?: (value: unknown) => boolean }
  util.isNullOrUndefined ??= (value) => value === null || value === undefined
}

function deviceOf(tf: TensorFlow): string {
  const { isUsingGpuDevice } = tf.backend() as { isUsingGpuDevice?: boolean }
  return isUsingGpuDevice ? 'the graphics processor' : 'the CPU'
}
