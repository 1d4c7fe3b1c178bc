import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const openCustomNodes: Command = {
  id: 'open-custom-nodes',
  label: messages.commands.customNodes,
  group: 'add',
  keys: [],
  when: building,
  run: ({ view }) => view.set({ overlay: 'custom-nodes' }),
}
