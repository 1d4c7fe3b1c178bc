import { z } from 'zod'
import type { AnyNode, JsonValue, NodeCard, PortSchema, Problem } from '#contract'
import { ProblemError } from '#contract'
import { describedAs } from '#graph/describe-node'

/** What the process of a custom node says of it. */
export interface NodeDescription {
  readonly card: NodeCard
  /** Older versions whose parameters it can bring up to date. */
  readonly migrates: readonly number[]
  /** Parts of a definition that only the program's own nodes may have. */
  readonly forbidden: readonly string[]
}
export interface InferQuestion {
  readonly inputs: Readonly<Record<string, PortSchema | readonly PortSchema[] | undefined>>
  readonly params: Readonly<Record<string, JsonValue>>
}
export type InferAnswer = Readonly<Record<string, PortSchema>> | readonly Problem[]

/** A custom node as the engine holds it: data, and questions to the process that has its code. None of the code is here. */
export function proxyNode(
  { card, forbidden }: NodeDescription,
  expected: string,
  migrate: NonNullable<AnyNode['migrate']>,
  ask: (question: InferQuestion) => Promise<InferAnswer>,
): AnyNode {
  if (card.type !== expected) throw unusable(expected, `calls itself "${card.type}"`, `Set its type to '${expected}'.`)
  if (forbidden.length > 0)
    throw unusable(expected, `has ${forbidden.join(', ')}`, 'Leave that to the nodes of the program.')
  const files = fileParameters(card)
  const node: AnyNode = {
    type: expected as AnyNode['type'],
    version: card.version,
    title: card.title,
    doc: card.doc,
    keywords: card.keywords,
    traits: card.traits,
    inputs: card.inputs,
    outputs: card.outputs,
    migrate,
    params: z.fromJSONSchema(card.params as Parameters<typeof z.fromJSONSchema>[0]) as z.ZodObject,
    infer: ({ inputs, params }) => ask({ inputs, params: params as InferQuestion['params'] }),
    ...(files.length > 0 && {
      sources: (params) =>
        files.map((name) => params[name]).filter((file) => typeof file === 'string' && file !== '') as string[],
    }),
    run: async () => {
      throw new ProblemError({ code: 'internal', message: `The code of ${expected} runs in a process of its own.` })
    },
  }
  describedAs(node, card)
  return node
}

/** Its bytes belong to the cache key. */
function fileParameters({ params }: NodeCard): readonly string[] {
  const { properties = {} } = params as { properties?: Readonly<Record<string, { widget?: string }>> }
  return Object.entries(properties).flatMap(([name, { widget }]) => (widget === 'file' ? [name] : []))
}

const unusable = (type: string, what: string, fix: string) =>
  new ProblemError({ code: 'not-supported', message: `The custom node ${type} ${what}.`, fix })
