import { groupMessages } from '../groups/group-messages.ts'
import { enterGroup } from './acts/levels.ts'
import { building, selectedGroup } from './acts/selected.ts'
import type { Command } from './command.ts'

export const openGroup: Command = {
  id: 'open-group',
  label: groupMessages.commands.open,
  group: 'go',
  keys: ['Mod+ArrowDown'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedGroup(workbench) !== null,
  run: (workbench) => enterGroup(workbench, selectedGroup(workbench)!),
}
