import { messages } from '../shell/messages.ts'
import type { Command } from './command.ts'

export const redo: Command = {
  id: 'redo',
  label: messages.commands.redo,
  group: 'edit',
  keys: ['Mod+Shift+Z', 'Mod+Y'],
  menu: ['canvas'],
  when: ({ documents }) => documents.getState().future.length > 0,
  run: ({ documents, notices }) => {
    const label = documents.redo()
    notices.say(label === undefined ? messages.notices.nothingToRedo : messages.notices.redone(label), {
      topic: 'history',
    })
  },
}
