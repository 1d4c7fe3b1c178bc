import type { PipelineDocument } from '#contract'
import { portAddress } from '../adjacency.ts'
import { groupOfType, joinIds, portOfType } from './group-ids.ts'
import { groupOfNode } from './group-of-node.ts'
import { type LevelPath, levelDocument } from './levels.ts'

/** A wire as it is drawn on one level. */
export interface Segment {
  readonly path: LevelPath
  /** By the ids of its level. */
  readonly wire: { readonly from: string; readonly to: string }
  /** By whole ids: a port of a node as `node.port`, a port of a group as `group--port`. */
  readonly from: string
  readonly to: string
}

/** All wires of a document, on every level of every group. */
export interface Segments {
  readonly all: readonly Segment[]
  /** Ports of nodes that a port is fed by, and that it feeds, through whatever groups. */
  sources(port: string): ReadonlySet<string>
  targets(port: string): ReadonlySet<string>
}

export function wireSegments(document: PipelineDocument): Segments {
  const all = segmentsWithin(document, [], [])
  const [from, to] = [Map.groupBy(all, (segment) => segment.from), Map.groupBy(all, (segment) => segment.to)]
  return {
    all,
    sources: (port) => beyond(port, (at) => (to.get(at) ?? []).map((segment) => segment.from)),
    targets: (port) => beyond(port, (at) => (from.get(at) ?? []).map((segment) => segment.to)),
  }
}

function segmentsWithin(document: PipelineDocument, path: LevelPath, inside: readonly string[]): readonly Segment[] {
  const level = levelDocument(document, path)
  const own = level.edges.map(
    ({ from, to }): Segment => ({
      path,
      wire: { from, to },
      from: wholePort(level, path, from),
      to: wholePort(level, path, to),
    }),
  )
  const within = Object.entries(level.nodes).flatMap(([id, node]) => {
    const name = groupOfType(node.type)
    if (name === undefined || inside.includes(name) || !groupOfNode(document.groups, node)) return []
    return segmentsWithin(document, [...path, id], [...inside, name])
  })
  return [...own, ...within]
}

function wholePort(level: PipelineDocument, path: LevelPath, address: string): string {
  const { node, port } = portAddress(address)
  const type = level.nodes[node]?.type ?? ''
  if (path.length > 0 && portOfType(type)) return joinIds(...path, node)
  return groupOfType(type) === undefined ? joinIds(...path, address) : joinIds(...path, node, port)
}

function beyond(port: string, next: (at: string) => readonly string[]): ReadonlySet<string> {
  const found = new Set<string>()
  const seen = new Set<string>()
  const open = [port]
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen.has(at)) continue
    seen.add(at)
    if (at.includes('.')) found.add(at)
    else open.push(...next(at))
  }
  return found
}
