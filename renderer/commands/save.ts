import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const save: Command = {
  id: 'save',
  label: messages.commands.save,
  group: 'file',
  keys: ['Mod+S'],
  when: building,
  run: async ({ autosave, documents, notices }) => {
    await autosave.flush(documents.getState().saveState === 'failed')
    if (documents.getState().saveState === 'saved') notices.say(messages.notices.saved)
  },
}
