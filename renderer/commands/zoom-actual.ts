import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const zoomActual: Command = {
  id: 'zoom-actual',
  label: messages.commands.zoomActual,
  group: 'view',
  keys: ['0', 'Mod+0'],
  when: building,
  run: ({ canvas }) => canvas.current?.zoomTo(1),
}
