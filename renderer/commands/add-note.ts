import { messages } from '../shell/messages.ts'
import { addNote } from '../state/edits/annotate.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const addNoteHere: Command = {
  id: 'add-note',
  label: messages.commands.addNote,
  group: 'add',
  keys: ['N'],
  menu: ['canvas'],
  when: building,
  run: ({ canvas, documents, view }) => {
    const place = view.getState().menu?.flow ?? canvas.current?.center() ?? [0, 0]
    documents.edit(messages.edits.note, (document) => addNote(document, messages.canvas.newNote, place))
    view.select([`note:${documents.getState().document.notes.length - 1}`])
  },
}
