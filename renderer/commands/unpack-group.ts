import { unpackNode } from '#graph/groups/unpack-node'
import { groupMessages } from '../groups/group-messages.ts'
import { nodeTitle } from '../state/judge-wire.ts'
import { building, selectedGroup } from './acts/selected.ts'
import type { Command } from './command.ts'

export const unpackGroup: Command = {
  id: 'unpack-group',
  label: groupMessages.commands.unpack,
  group: 'edit',
  keys: ['Mod+Shift+G'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedGroup(workbench) !== null,
  run: (workbench) => {
    const { documents, catalogue, notices, view } = workbench
    const { document } = documents.getState()
    const node = selectedGroup(workbench)!
    const unpacked = unpackNode(document, node)
    if (!unpacked) return
    const title = nodeTitle(document, catalogue.getState().byType, node)
    documents.edit(groupMessages.edits.unpack, () => unpacked.document)
    view.select(unpacked.ids)
    notices.say(groupMessages.unpacked(title, unpacked.ids.length), { topic: 'level' })
  },
}
