import { z } from 'zod'
import { type AnyNode, type JsonValue, type NodeCard, problemsOf } from '#contract'

/** What a form needs of a node's parameters. */
export type NodeForm = Pick<NodeCard, 'params' | 'defaults'>

const described = new WeakMap<AnyNode, NodeCard>()
const forms = new WeakMap<AnyNode, NodeForm>()

/**
 * A node's definition as data: what the palette, the form and the checks of an app far away need. The form is worked out
 * when somebody reads it: most runs name few of the nodes there are.
 */
export function describeNode(node: AnyNode): NodeCard {
  const known = described.get(node)
  if (known) return known
  const card: NodeCard = {
    type: node.type,
    version: node.version,
    title: node.title,
    doc: node.doc,
    keywords: node.keywords ?? [],
    traits: node.traits ?? [],
    inputs: node.inputs,
    outputs: node.outputs,
    effect: node.effect === true,
    get params() {
      return formOf(node).params
    },
    get defaults() {
      return formOf(node).defaults
    },
  }
  described.set(node, card)
  return card
}

/** Keeps the description of a node whose definition is elsewhere. */
export function describedAs(node: AnyNode, card: NodeCard): void {
  described.set(node, card)
}

/** Keeps the form of a node that was worked out before. */
export function keepForm(node: AnyNode, form: NodeForm): void {
  forms.set(node, form)
}

function formOf(node: AnyNode): NodeForm {
  const form = forms.get(node) ?? { params: parametersSchema(node), defaults: parameterDefaults(node.params) }
  forms.set(node, form)
  return form
}

function parametersSchema(node: AnyNode): JsonValue {
  try {
    const { $schema: _, ...schema } = z.toJSONSchema(node.params, { io: 'input' })
    return JSON.parse(JSON.stringify(schema)) as JsonValue
  } catch (error) {
    throw new TypeError(`The parameters of ${node.type} have no JSON Schema: ${problemsOf(error)[0]?.message}`)
  }
}

/** The value of each parameter that has a default. */
export function parameterDefaults(params: z.ZodObject): Readonly<Record<string, JsonValue>> {
  const defaults: Record<string, JsonValue> = {}
  for (const [name, schema] of Object.entries(params.shape)) {
    const parsed = (schema as z.ZodType).safeParse(undefined)
    if (parsed.success && parsed.data !== undefined) defaults[name] = parsed.data as JsonValue
  }
  return defaults
}
