import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const toggleDock: Command = {
  id: 'toggle-dock',
  label: messages.commands.toggleDock,
  group: 'view',
  keys: ['Mod+J'],
  when: building,
  run: ({ view }) => view.set({ dockOpen: !view.getState().dockOpen }),
}
