import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const nameState: Command = {
  id: 'name-state',
  label: messages.commands.nameState,
  group: 'edit',
  keys: ['Alt+S'],
  menu: ['canvas'],
  when: building,
  run: ({ view }) => view.set({ overlay: 'name-state' }),
}
