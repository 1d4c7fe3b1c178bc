import { messages } from '../shell/messages.ts'
import type { Command } from './command.ts'

export const undo: Command = {
  id: 'undo',
  label: messages.commands.undo,
  group: 'edit',
  keys: ['Mod+Z'],
  menu: ['canvas'],
  when: ({ documents }) => documents.getState().past.length > 0,
  run: ({ documents, notices }) => {
    const label = documents.undo()
    notices.say(label === undefined ? messages.notices.nothingToUndo : messages.notices.undone(label), {
      topic: 'history',
    })
  },
}
