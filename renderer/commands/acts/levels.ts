import { groupsAround, joinIds, localId, portOfType } from '#graph/groups/group-ids'
import { groupMessages } from '../../groups/group-messages.ts'
import type { Workbench } from '../../state/workbench.ts'

/** What the engine calls a node of this level. */
export function wholeId({ level }: Pick<Workbench, 'level'>, node: string): string {
  return joinIds(...level.getState().path, node)
}

/** Goes into a group, and says so. */
export function enterGroup(workbench: Workbench, node: string): void {
  const { level, notices, documents, view } = workbench
  level.enter(node)
  view.select([])
  const { name, nodes } = documents.getState().document
  const inside = Object.values(nodes).filter(({ type }) => !portOfType(type)).length
  notices.say(groupMessages.entered(name, inside), { topic: 'level' })
}

/** Goes out to the level of this path; the group that was left is selected. */
export function leaveGroup(workbench: Workbench, depth = workbench.level.getState().path.length - 1): void {
  const { level, notices, documents, view, canvas } = workbench
  const { path } = level.getState()
  const left = path[depth]
  if (left === undefined) return
  level.go(path.slice(0, depth))
  view.select([left])
  notices.say(groupMessages.left(documents.getState().document.name), { topic: 'level' })
  requestAnimationFrame(() => canvas.current?.focus(left))
}

/** Selects a node wherever it is, by its whole id. */
export function goToNode({ level, view, canvas }: Workbench, whole: string): void {
  level.go(groupsAround(whole))
  const node = localId(whole)
  view.select([node])
  requestAnimationFrame(() => canvas.current?.reveal(node))
}
