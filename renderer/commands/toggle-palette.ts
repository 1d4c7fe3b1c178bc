import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const togglePalette: Command = {
  id: 'toggle-palette',
  label: messages.commands.togglePalette,
  group: 'view',
  keys: ['Mod+B'],
  when: building,
  run: ({ view }) => view.set({ paletteOpen: !view.getState().paletteOpen }),
}
