import { makeIndependent as independent } from '#graph/groups/group-acts'
import { groupMessages } from '../groups/group-messages.ts'
import { usesOfGroup } from '../state/edits/name-group.ts'
import { building, selectedGroup } from './acts/selected.ts'
import type { Command } from './command.ts'

export const makeIndependent: Command = {
  id: 'make-independent',
  label: groupMessages.commands.independent,
  group: 'edit',
  keys: [],
  menu: ['node'],
  when: (workbench) => {
    const node = building(workbench) ? selectedGroup(workbench) : null
    const { document } = workbench.file.getState()
    return node !== null && usesOfGroup(document, workbench.documents.getState().document.nodes[node]!.type) > 1
  },
  run: (workbench) => {
    const node = selectedGroup(workbench)!
    workbench.documents.edit(groupMessages.edits.independent, (document) => independent(document, node))
  },
}
