import { type JsonValue, type NodeCard, type PipelineDocument, type Problem, ProblemError } from '#contract'
import { portAddress } from './adjacency.ts'
import { nearest } from './nearest.ts'

type SettingCards = readonly (Pick<NodeCard, 'type' | 'params'> & Partial<Pick<NodeCard, 'version'>>)[]

export interface SettingTarget {
  readonly node: string
  /** The parameter, then deeper keys if the setting names them. */
  readonly path: readonly string[]
}

/** Where a setting points: one of the document's named inputs, else node.parameter. Undefined when it points nowhere. */
export function settingTarget(
  document: Pick<PipelineDocument, 'inputs' | 'nodes'>,
  name: string,
): SettingTarget | undefined {
  const target = Object.hasOwn(document.inputs, name) ? document.inputs[name]! : name
  if (!target.includes('.')) return undefined
  const { node, port } = portAddress(target)
  return Object.hasOwn(document.nodes, node) ? { node, path: port.split('.') } : undefined
}

/** The schema of the parameter a setting points at, if the catalogue knows it. */
export function settingSchema(
  document: Pick<PipelineDocument, 'nodes'>,
  target: SettingTarget,
  cards: SettingCards,
): Readonly<Record<string, JsonValue>> | undefined {
  const type = document.nodes[target.node]!.type
  let schema: JsonValue | undefined = cards.find((card) => card.type === type)?.params
  for (const key of target.path) {
    const properties: JsonValue | undefined = isObject(schema) ? schema.properties : undefined
    schema = isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
  }
  return isObject(schema) ? schema : undefined
}

/**
 * A document with parameters set as `--set NAME=VALUE` names them: NAME one of its inputs or node.parameter, VALUE JSON or
 * else text. With the catalogue's cards a parameter that is a text stays one ("1" is not made a number). Throws for
 * names that point nowhere.
 */
export function applySettings(
  document: PipelineDocument,
  settings: Readonly<Record<string, string>>,
  cards: SettingCards = [],
): PipelineDocument {
  const problems: Problem[] = []
  let result = document
  for (const [name, text] of Object.entries(settings)) {
    const target = settingTarget(document, name)
    const schema = target && settingSchema(document, target, cards)
    if (!target || !isParameter(document, target, cards)) problems.push(unknownSetting(document, name, cards))
    else if (isOlder(document, target, cards)) problems.push(olderNode(document, target))
    else result = withParameter(result, target, settingValue(text, schema))
  }
  if (problems.length > 0) throw new ProblemError(problems)
  return result
}

/** Whether the node has the parameter, as far as the cards tell. */
function isParameter(document: PipelineDocument, target: SettingTarget, cards: SettingCards): boolean {
  const known = cards.some((card) => card.type === document.nodes[target.node]!.type)
  return !known || settingSchema(document, { ...target, path: target.path.slice(0, 1) }, cards) !== undefined
}

/** Saved by an older version than the card's, so that its parameters are not those of the card. */
function isOlder({ nodes }: PipelineDocument, { node }: SettingTarget, cards: SettingCards): boolean {
  const { type, version } = nodes[node]!
  return version < (cards.find((card) => card.type === type)?.version ?? 0)
}

function olderNode(document: PipelineDocument, { node, path }: SettingTarget): Problem {
  const { type, version } = document.nodes[node]!
  return {
    code: 'not-supported',
    message: `"${node}.${path.join('.')}" can not be set: the file has version ${version} of ${type}, which is older than the node.`,
    node,
    path: ['nodes', node, 'version'],
    fix: 'Open the file in the app, which brings it up to date, and save it; then set the parameter.',
  }
}

function settingValue(text: string, schema: Readonly<Record<string, JsonValue>> | undefined): JsonValue {
  const value = jsonOrText(text)
  return schema?.type === 'string' && typeof value !== 'string' ? text : value
}

function jsonOrText(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch {
    return text
  }
}

/** The document, or the inside of a group, with one parameter of a node set. */
export function withParameter<D extends Pick<PipelineDocument, 'nodes'>>(
  document: D,
  target: SettingTarget,
  value: JsonValue,
): D {
  const node = document.nodes[target.node]!
  const params = withPath(node.params as JsonValue, target.path, value) as typeof node.params
  return { ...document, nodes: { ...document.nodes, [target.node]: { ...node, params } } }
}

function withPath(value: JsonValue | undefined, path: readonly string[], leaf: JsonValue): JsonValue {
  const [key, ...rest] = path
  if (key === undefined) return leaf
  if (Array.isArray(value) && /^\d+$/.test(key))
    return value.map((item, index) => (index === Number(key) ? withPath(item, rest, leaf) : item))
  const object = isObject(value) ? value : {}
  return { ...object, [key]: withPath(Object.hasOwn(object, key) ? object[key] : undefined, rest, leaf) }
}

function unknownSetting(document: PipelineDocument, name: string, cards: SettingCards): Problem {
  const names = Object.keys(document.inputs)
  const close = nearest(name, [...names, ...parameterNames(document, cards)])
  const list = names.length > 0 ? `one of the pipeline's inputs (${[...names].sort().join(', ')}) or ` : ''
  return {
    code: 'not-found',
    message: `The pipeline has no input or parameter "${name}".`,
    path: ['inputs', name],
    fix: close ? `Set "${close}".` : `Set ${list}a parameter as node.parameter.`,
  }
}

function parameterNames(document: PipelineDocument, cards: SettingCards): string[] {
  return Object.entries(document.nodes).flatMap(([id, node]) => {
    const schema = cards.find((card) => card.type === node.type)?.params
    const properties =
      isObject(schema) && isObject(schema.properties) ? Object.keys(schema.properties) : Object.keys(node.params)
    return properties.map((param) => `${id}.${param}`)
  })
}

function isObject(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
