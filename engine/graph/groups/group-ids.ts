import { type PortType, portTypes } from '#contract'

/** Between the id of a group and that of a node in it; no slug holds it. */
const separator = '--'

/** "clean" and "scale" as "clean--scale"; groups within groups the same way. */
export function joinIds(...ids: readonly string[]): string {
  return ids.join(separator)
}

/** "clean/scale.mean" as people may write it: "clean--scale.mean". */
export function wholeName(name: string): string {
  const dot = name.indexOf('.')
  const node = dot < 0 ? name : name.slice(0, dot)
  return node.replaceAll('/', separator) + name.slice(node.length)
}

/** The node on the level of `depth` groups that this one is or is in. */
export function nodeAtDepth(id: string, depth: number): string {
  return joinIds(...id.split(separator).slice(0, depth + 1))
}

/** The ids of the groups around a node, from outside in. */
export function groupsAround(id: string): readonly string[] {
  return id.split(separator).slice(0, -1)
}

/** What a node is called inside its group; of an address the same. */
export function localId(id: string): string {
  const at = id.lastIndexOf(separator)
  return at < 0 ? id : id.slice(at + separator.length)
}

/** Whether a node is this one, or in this group at any depth. */
export function isWithin(id: string, node: string): boolean {
  return id === node || id.startsWith(node + separator)
}

const groupFamily = 'group/'

export function groupType(name: string): `group/${string}` {
  return `group/${name}`
}

/** The name of the group that a node of this type stands for. */
export function groupOfType(type: string): string | undefined {
  return type.startsWith(groupFamily) ? type.slice(groupFamily.length) : undefined
}

export interface PortNode {
  readonly side: 'input' | 'output'
  readonly type: PortType
}

export function portNodeType({ side, type }: PortNode): `${PortNode['side']}/${PortType}` {
  return `${side}/${type}`
}

const portNodes = new Map(
  (['input', 'output'] as const).flatMap((side) =>
    portTypes.map((type) => [portNodeType({ side, type }) as string, { side, type } as PortNode] as const),
  ),
)

/** What a node inside a group stands for when it is one of the group's ports. */
export function portOfType(type: string): PortNode | undefined {
  return portNodes.get(type)
}

export const portNodeKinds: readonly PortNode[] = [...portNodes.values()]

/** The one port of a node that stands for a port of its group. */
export const innerPort = 'value'
