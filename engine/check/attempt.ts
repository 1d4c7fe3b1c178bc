import type { AnyNode } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { renderBlock } from '#report/render-block'
import { inferNode, type NodeBench, type NodeInputs, type NodeOutputs } from './node-bench.ts'
import { problemFaults } from './problem-quality.ts'
import { schemaDisagreements } from './schema-agreement.ts'

/**
 * One node on some inputs, as the engine would: inference first, then the run, then what is shown of it. Gives what is
 * wrong with how it went; a Problem with place and cure is a good answer.
 */
export async function attemptFaults(
  bench: NodeBench,
  node: AnyNode,
  given: Readonly<Record<string, unknown>>,
  inputs: NodeInputs,
): Promise<string[]> {
  try {
    const { params, outputs: announced } = await inferNode(bench, node, given, inputs)
    const { outputs, progress } = await bench.run(node, params, inputs)
    return [
      ...schemaDisagreements(node, announced, outputs),
      ...progressFaults(progress),
      ...(await displayFaults(bench, node, params, inputs, outputs)),
    ]
  } catch (error) {
    return problemFaults(error)
  }
}

/** Progress starts at 0 at the least, never falls, and ends at 1. */
export function progressFaults(progress: readonly number[]): string[] {
  const falls = progress.some((fraction, index) => index > 0 && fraction < progress[index - 1]!)
  return [
    ...(progress.every((fraction) => fraction >= 0 && fraction <= 1)
      ? []
      : [`progress leaves 0 to 1: ${progress.join(', ')}`]),
    ...(falls ? [`progress falls: ${progress.slice(0, 50).join(', ')}`] : []),
    ...(progress.at(-1) === 1 ? [] : [`progress ends at ${progress.at(-1) ?? 'nothing'}, not at 1`]),
  ]
}

const leaked = /\bNaN\b|\bundefined\b|\[object |\bInfinity\b/

/** Values that can not be written down, a card or a block that throws or shows what is no text. */
export async function displayFaults(
  bench: NodeBench,
  node: AnyNode,
  params: Readonly<Record<string, unknown>>,
  inputs: NodeInputs,
  outputs: NodeOutputs,
): Promise<string[]> {
  try {
    for (const value of Object.values(outputs)) canonicalJson(value)
    const { card, blocks } = await bench.show(node, params, inputs, outputs)
    canonicalJson([card ?? null, ...blocks])
    const texts = [card?.text ?? '', ...blocks.map((block) => renderBlock(block))]
    return texts
      .filter((text) => leaked.test(text))
      .map((text) => `shows ${leaked.exec(text)![0]}: ${text.slice(0, 200)}`)
  } catch (error) {
    return [`shows nothing: ${error instanceof Error ? error.stack : String(error)}`]
  }
}
