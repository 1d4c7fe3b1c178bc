import type { JsonValue, NodeCard, PipelineDocument, PipelineGroup, Port } from '#contract'
import { portAddress } from '../adjacency.ts'
import { groupOfType, groupType, innerPort, portNodeKinds, portNodeType, portOfType } from './group-ids.ts'
import { groupsInside } from './group-of-node.ts'

type Cards = ReadonlyMap<string, NodeCard>

/** The groups of a file as entries of the palette: their ports and settings are what their insides say. */
export function groupCards(groups: PipelineDocument['groups'], cards: readonly NodeCard[]): readonly NodeCard[] {
  const byType = new Map<string, NodeCard>([...cards, ...portNodeCards].map((card) => [card.type, card]))
  const build = (name: string): void => {
    const group = groups?.[name]
    if (!group || byType.has(groupType(name)) || groupsInside(groups, name).has(name)) return
    for (const { type } of Object.values(group.nodes)) {
      const inner = groupOfType(type)
      if (inner !== undefined) build(inner)
    }
    byType.set(groupType(name), groupCard(name, group, byType))
  }
  const names = Object.keys(groups ?? {}).sort()
  names.forEach(build)
  return names.flatMap((name) => byType.get(groupType(name)) ?? [])
}

function groupCard(name: string, group: PipelineGroup, cards: Cards): NodeCard {
  const settings = Object.entries(group.inputs).flatMap(([setting, target]) =>
    shownSetting(setting, target, group, cards),
  )
  return {
    type: groupType(name),
    version: 1,
    title: group.title,
    doc: groupDoc(group, cards),
    keywords: ['group'],
    traits: [],
    inputs: portsOf(group, 'input', cards),
    outputs: portsOf(group, 'output', cards),
    effect: false,
    params: { type: 'object', properties: Object.fromEntries(settings.map(({ schema }) => schema)) },
    defaults: Object.fromEntries(settings.flatMap(({ value }) => value)),
  }
}

/** "A group of 3 nodes: Clean, Scale, Split." */
function groupDoc(group: PipelineGroup, cards: Cards): string {
  const left = (id: string) => group.layout[id]?.[0] ?? 0
  const inside = Object.entries(group.nodes)
    .filter(([, { type }]) => !portOfType(type))
    .sort(([a], [b]) => left(a) - left(b))
  const titles = inside.map(([id, node]) => node.title ?? cards.get(node.type)?.title ?? id)
  return `A group of ${titles.length} ${titles.length === 1 ? 'node' : 'nodes'}: ${titles.join(', ')}.`
}

/** In the order in which they stand inside, from top to bottom. */
function portsOf(group: PipelineGroup, side: 'input' | 'output', cards: Cards): Record<string, Port> {
  const ids = Object.keys(group.nodes).filter((id) => portOfType(group.nodes[id]!.type)?.side === side)
  const top = (id: string) => group.layout[id]?.[1] ?? 0
  ids.sort((a, b) => top(a) - top(b) || (a < b ? -1 : 1))
  return Object.fromEntries(ids.map((id) => [id, portOf(group, id, side, cards)]))
}

function portOf(group: PipelineGroup, id: string, side: 'input' | 'output', cards: Cards): Port {
  const node = group.nodes[id]!
  const { type } = portOfType(node.type)!
  const doc = node.title ?? id
  if (side === 'output') return { type, doc }
  const targets = group.edges
    .filter(({ from }) => from === `${id}.${innerPort}`)
    .map(({ to }) => innerInput(group, to, cards))
  const all = (has: (port: Port) => boolean) => targets.length > 0 && targets.every((port) => port && has(port))
  return {
    type,
    doc,
    ...((targets.length === 0 || all((port) => port.optional === true)) && { optional: true as const }),
    ...(all((port) => port.many === true) && { many: true as const }),
  }
}

function innerInput(group: PipelineGroup, address: string, cards: Cards): Port | undefined {
  const { node, port } = portAddress(address)
  return cards.get(group.nodes[node]?.type ?? '')?.inputs[port]
}

interface ShownSetting {
  readonly schema: readonly [string, JsonValue]
  readonly value: readonly (readonly [string, JsonValue])[]
}

/** A parameter of a node inside as the group's own; its columns are those at that node's input, as `node.input`. */
function shownSetting(setting: string, target: string, group: PipelineGroup, cards: Cards): ShownSetting[] {
  const { node, port: parameter } = portAddress(target)
  const inner = group.nodes[node]
  const card = cards.get(inner?.type ?? '')
  const schema = (card?.params as { properties?: Readonly<Record<string, JsonValue>> } | undefined)?.properties?.[
    parameter
  ]
  if (!inner || !card || typeof schema !== 'object' || schema === null) return []
  const { when: _, ...plain } = schema as Readonly<Record<string, JsonValue>>
  const columns = plain.widget === 'column' || plain.widget === 'columns'
  const value = (inner.params[parameter] ?? card.defaults[parameter]) as JsonValue | undefined
  return [
    {
      schema: [
        setting,
        {
          ...plain,
          ...(columns && { of: `${node}.${(plain.of as string | undefined) ?? 'table'}` }),
          ...(value !== undefined && { default: value }),
        },
      ],
      value: value === undefined ? [] : [[setting, value]],
    },
  ]
}

/** Nodes that stand for the ports of the group they are in. */
export const portNodeCards: readonly NodeCard[] = portNodeKinds.map(({ side, type }): NodeCard => {
  const port: Port = { type, doc: `What the group ${side === 'input' ? 'is given' : 'gives'}.` }
  return {
    type: portNodeType({ side, type }),
    version: 1,
    title: side === 'input' ? `Input: ${type}` : `Output: ${type}`,
    doc: `A port of this group: ${side === 'input' ? 'what is wired to the group comes out here' : 'what is wired here leaves the group'}. Its name is the node's own.`,
    keywords: ['port', 'group', side],
    traits: [],
    inputs: side === 'output' ? { [innerPort]: port } : {},
    outputs: side === 'input' ? { [innerPort]: port } : {},
    effect: false,
    params: { type: 'object', properties: {} },
    defaults: {},
  }
})
