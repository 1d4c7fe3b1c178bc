/** Entry of the process that checks a custom node, behind the same fence as its steps. */
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { type AnyNode, problemsOf } from '#contract'
import { catalogue } from '#nodes'
import type { CheckTold } from '#run/custom/checked-promise'
import { checkCustom } from './check-custom.ts'

const file = process.argv[2] ?? ''

async function check(): Promise<CheckTold> {
  try {
    const { default: node } = (await import(pathToFileURL(file).href)) as { default: AnyNode }
    return { promises: await checkCustom(node, catalogue, path.dirname(file)) }
  } catch (error) {
    return { problem: problemsOf(error)[0]!.message }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url))
  process.send?.(await check(), undefined, undefined, () => process.exit(0))
