import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const showHistory: Command = {
  id: 'history',
  label: messages.commands.history,
  group: 'edit',
  keys: ['Alt+H'],
  menu: ['canvas'],
  when: building,
  run: ({ view }) => view.set({ overlay: 'history', historyOf: null }),
}
