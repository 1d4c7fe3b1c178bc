import type { NodeCard, PipelineDocument } from '#contract'
import { groupOfType, joinIds, portOfType } from '#graph/groups/group-ids'
import { groupOfNode } from '#graph/groups/group-of-node'
import { type LevelPath, levelDocument } from '#graph/groups/levels'
import { outlineRows } from './outline-rows.ts'

/** A node of the file in the outline, those inside groups below the group. */
export interface TreeRow {
  /** By its whole id. */
  readonly id: string
  /** The groups around it, and its id there. */
  readonly path: LevelPath
  readonly local: string
  readonly depth: number
  readonly title: string
  readonly type: string
  /** Titles of the groups around it, from outside in. */
  readonly around: readonly string[]
  /** Titles of other nodes it takes something from. */
  readonly alsoFrom: readonly string[]
  /** Of a group: how many nodes are in it, and whether they are shown. */
  readonly group?: { readonly nodes: number; readonly open: boolean }
}

interface Place {
  readonly path: LevelPath
  /** Names of the groups around. */
  readonly inside: readonly string[]
  readonly around: readonly string[]
}

const within = ({ path, local, around, title }: TreeRow, inside: readonly string[], name: string): Place => ({
  path: [...path, local],
  inside: [...inside, name],
  around: [...around, title],
})

type Cards = ReadonlyMap<string, NodeCard>

/** The whole file as a tree; what is inside a group comes right after it where `isOpen` says so. */
export function outlineTree(
  document: PipelineDocument,
  cards: Cards,
  isOpen: (id: string) => boolean,
): readonly TreeRow[] {
  const inputsOf = (type: string) => Object.keys(cards.get(type)?.inputs ?? {})
  const levelRows = ({ path, inside, around }: Place, depth: number): readonly TreeRow[] => {
    const level = levelDocument(document, path)
    return outlineRows(level, inputsOf).flatMap((row) => {
      const node = level.nodes[row.id]!
      const name = groupOfType(node.type)
      const group = name === undefined || inside.includes(name) ? undefined : groupOfNode(document.groups, node)
      const id = joinIds(...path, row.id)
      const open = group !== undefined && isOpen(id)
      const own: TreeRow = {
        id,
        path,
        local: row.id,
        type: node.type,
        around,
        depth: depth + row.depth,
        title: titleIn(level, cards, row.id),
        alsoFrom: row.alsoFrom.map((other) => titleIn(level, cards, other)),
        ...(group && { group: { nodes: countNodes(group), open } }),
      }
      return open ? [own, ...levelRows(within(own, inside, name!), own.depth + 1)] : [own]
    })
  }
  return levelRows({ path: [], inside: [], around: [] }, 0)
}

/** Every node of the file, those in groups too. */
export function everyNode(document: PipelineDocument, cards: Cards): readonly TreeRow[] {
  return outlineTree(document, cards, () => true)
}

function titleIn(level: PipelineDocument, cards: Cards, id: string): string {
  const node = level.nodes[id]!
  if (node.title !== undefined) return node.title
  if (portOfType(node.type)) return id
  return groupOfNode(level.groups, node)?.title ?? cards.get(node.type)?.title ?? id
}

const countNodes = ({ nodes }: Pick<PipelineDocument, 'nodes'>) =>
  Object.values(nodes).filter(({ type }) => !portOfType(type)).length
