import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const fit: Command = {
  id: 'fit',
  label: messages.commands.fit,
  group: 'view',
  keys: ['F', 'Shift+1'],
  menu: ['canvas'],
  when: building,
  run: ({ canvas }) => canvas.current?.fit(),
}
