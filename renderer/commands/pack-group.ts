import { adjacency } from '#graph/adjacency'
import { packNodes } from '#graph/groups/pack-nodes'
import { groupMessages } from '../groups/group-messages.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { building, selectedSteps } from './acts/selected.ts'
import type { Command } from './command.ts'

export const packGroup: Command = {
  id: 'pack-group',
  label: groupMessages.commands.pack,
  group: 'edit',
  keys: ['Mod+G'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedSteps(workbench).size > 0,
  run: (workbench) => {
    const { documents, catalogue, notices, view, canvas } = workbench
    const { document } = documents.getState()
    const { byType } = catalogue.getState()
    const chosen = selectedSteps(workbench)
    const order = adjacency(document).order.filter((id) => chosen.has(id))
    const [first = '', last = first] = [order[0], order.at(-1)]
    const title = groupMessages.title(nodeTitle(document, byType, first), nodeTitle(document, byType, last))
    const packed = packNodes(document, chosen, title || groupMessages.newGroup, byType)
    if ('code' in packed) {
      if (packed.node !== undefined) canvas.current?.reveal(packed.node)
      return void notices.say(packed.message, { tone: 'bad', ...(packed.fix ? { fix: packed.fix } : {}) })
    }
    documents.edit(groupMessages.edits.pack, () => packed.document)
    view.select([packed.id])
    notices.say(groupMessages.packed(chosen.size, title), { topic: 'level' })
    requestAnimationFrame(() => canvas.current?.focus(packed.id))
  },
}
