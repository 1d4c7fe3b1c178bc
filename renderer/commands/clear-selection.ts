import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const clearSelection: Command = {
  id: 'clear-selection',
  label: messages.commands.clear,
  group: 'edit',
  keys: ['Escape'],
  when: (workbench) => building(workbench) && workbench.view.getState().selection.size > 0,
  run: ({ view }) => view.select([]),
}
