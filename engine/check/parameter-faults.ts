import { type AnyNode, type InferContext, ProblemError } from '#contract'
import { checkParameters } from '#graph/check-parameters'
import { badParameters } from './definition-faults.ts'
import { problemFaults } from './problem-quality.ts'

/** Parameters with a value that does not fit which nothing is said of, or badly. */
export function parameterFaults(node: AnyNode): string[] {
  return badParameters(node).flatMap(({ name, value }) => {
    const document = { nodes: { step: { type: node.type, version: node.version, params: { [name]: value } as never } } }
    const own = checkParameters(document, 'step', node).problems.filter((problem) => problem.path?.[1] === name)
    if (!own.some(({ code }) => code === 'parameter-bad')) return [`${name} takes ${JSON.stringify(value)}`]
    return problemFaults(new ProblemError(own)).map((fault) => `${name}: ${fault}`)
  })
}

/** Outputs that are not announced while nothing is known of the inputs; only where every parameter has a default. */
export async function unknownInputFaults(node: AnyNode, context: InferContext): Promise<string[]> {
  const inputs = Object.fromEntries(
    Object.entries(node.inputs).map(([port, { many, optional }]) => [port, many ? [{}] : optional ? undefined : {}]),
  )
  const parsed = node.params.safeParse({})
  if (!parsed.success || node.sources) return []
  const answer = await node.infer({ inputs: inputs as never, params: parsed.data, context })
  return Object.keys(node.outputs)
    .filter((port) => !Object.hasOwn(answer, port))
    .map((port) => `${port} is not announced`)
}
