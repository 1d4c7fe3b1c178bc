import { messages } from '../shell/messages.ts'
import type { Command } from './command.ts'

export const showKeys: Command = {
  id: 'show-keys',
  label: messages.commands.keys,
  group: 'view',
  keys: ['?', 'F1'],
  run: ({ view }) => view.set({ overlay: 'keys' }),
}
