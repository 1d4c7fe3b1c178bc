import { messages } from '../shell/messages.ts'
import type { Command } from './command.ts'

export const commandPalette: Command = {
  id: 'command-palette',
  label: messages.commands.palette,
  group: 'view',
  keys: ['Mod+K'],
  run: ({ view }) => view.set({ overlay: view.getState().overlay === 'commands' ? null : 'commands' }),
}
