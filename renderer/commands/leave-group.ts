import { groupMessages } from '../groups/group-messages.ts'
import { leaveGroup as leave } from './acts/levels.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const leaveGroup: Command = {
  id: 'leave-group',
  label: groupMessages.commands.leave,
  group: 'go',
  keys: ['Mod+ArrowUp'],
  menu: ['canvas'],
  when: (workbench) => building(workbench) && workbench.level.getState().path.length > 0,
  run: (workbench) => leave(workbench),
}
