import type { AnyNode } from '#contract'
import { describeNode } from '#graph/describe-node'

type Schema = Readonly<Record<string, unknown>>

/** What is wanting in a node's own description: its docs are made from it. */
export function definitionFaults(node: AnyNode): string[] {
  const card = describeNode(node)
  const { properties = {} } = card.params as { readonly properties?: Readonly<Record<string, Schema>> }
  return [
    ...(/^[a-z][a-z-]*\/[a-z][a-z0-9-]*$/.test(node.type) ? [] : ['type is not family/name']),
    ...(Number.isInteger(node.version) && node.version >= 1 ? [] : ['version is no whole number from 1']),
    ...(node.title.trim() ? [] : ['no title']),
    ...((node.doc.match(/[.:!?](\s|$)/g)?.length ?? 0) >= 2 ? [] : ['doc has fewer than two sentences']),
    ...(Object.keys(node.outputs).length > 0 || node.effect ? [] : ['no outputs']),
    ...Object.entries({ ...node.inputs, ...node.outputs }).flatMap(([name, port]) =>
      port.doc.trim().length >= 5 ? [] : [`port ${name} has no doc`],
    ),
    ...Object.entries(properties).flatMap(([name, property]) => parameterFaults(name, property, node)),
    ...migrationFaults(node),
  ]
}

function parameterFaults(name: string, property: Schema, node: AnyNode): string[] {
  const text = (key: string) =>
    typeof property[key] === 'string' && property[key].trim() ? [] : [`parameter ${name} has no ${key}`]
  const of = typeof property.of === 'string' ? property.of : 'table'
  const picker = property.widget === 'column' || property.widget === 'columns'
  return [
    ...text('title'),
    ...text('description'),
    ...(picker && !Object.hasOwn(node.inputs, of)
      ? [`parameter ${name} picks columns of an input ${of} that is not there`]
      : []),
  ]
}

function migrationFaults(node: AnyNode): string[] {
  const missing = Array.from({ length: node.version - 1 }, (_, index) => index + 1).filter(
    (version) => !node.migrate?.[version],
  )
  return missing.map((version) => `no migration from version ${version}`)
}

/** One value each parameter can not have, of the wrong kind for its JSON Schema. */
export function badParameters(node: AnyNode): readonly { readonly name: string; readonly value: unknown }[] {
  const { properties = {} } = describeNode(node).params as { readonly properties?: Readonly<Record<string, Schema>> }
  return Object.entries(properties).map(([name, property]) => ({ name, value: badValue(property) }))
}

function badValue(schema: Schema): unknown {
  if (Array.isArray(schema.enum)) return 'none of these'
  const types = [
    ...[schema.type].flat(),
    ...[schema.anyOf, schema.oneOf].flat().map((choice) => (choice as Schema | undefined)?.type),
  ]
  if (types.includes('object')) return types.includes('array') ? 12 : [12]
  return { unlike: 'anything' }
}
