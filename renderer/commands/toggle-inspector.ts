import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const toggleInspector: Command = {
  id: 'toggle-inspector',
  label: messages.commands.toggleInspector,
  group: 'view',
  keys: ['Mod+I'],
  when: building,
  run: ({ view }) => view.set({ inspectorOpen: !view.getState().inspectorOpen }),
}
