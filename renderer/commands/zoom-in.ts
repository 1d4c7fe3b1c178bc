import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const zoomIn: Command = {
  id: 'zoom-in',
  label: messages.commands.zoomIn,
  group: 'view',
  keys: ['+', '=', 'Mod+=', 'Mod++'],
  when: building,
  run: ({ canvas }) => canvas.current?.zoomBy(1.2),
}
