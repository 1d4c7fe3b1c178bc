import type { JsonValue, NodeCard, PipelineDocument } from '#contract'

/**
 * The setting by which a node judges on the test rows though it could take the validation rows: choosing among trials by it
 * would use the test rows up.
 */
export function judgedOnTest(
  document: Pick<PipelineDocument, 'nodes'>,
  node: string,
  cards: readonly Pick<NodeCard, 'type' | 'params' | 'defaults'>[],
): string | undefined {
  if (!Object.hasOwn(document.nodes, node)) return undefined
  const { type, params } = document.nodes[node]!
  const card = cards.find((one) => one.type === type)
  const { properties = {} } = (card?.params ?? {}) as { properties?: Readonly<Record<string, { enum?: JsonValue[] }>> }
  const values = { ...card?.defaults, ...params }
  const found = Object.entries(properties).find(
    ([name, schema]) => schema.enum?.includes('test') && schema.enum.includes('validation') && values[name] === 'test',
  )
  return found && `${node}.${found[0]}`
}
