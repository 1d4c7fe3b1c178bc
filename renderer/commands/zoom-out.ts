import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const zoomOut: Command = {
  id: 'zoom-out',
  label: messages.commands.zoomOut,
  group: 'view',
  keys: ['-', 'Mod+-'],
  when: building,
  run: ({ canvas }) => canvas.current?.zoomBy(1 / 1.2),
}
