import type { NodeProps } from '@xyflow/react'
import { memo, useState } from 'react'
import { messages } from '../shell/messages.ts'
import { useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { changeNote } from '../state/edits/annotate.ts'

/** A note on the canvas; a double click writes on it. */
export const NoteCard = memo(function NoteCard({ id, selected }: NodeProps) {
  const index = Number(id.slice('note:'.length))
  const note = useDocument((state) => state.document.notes[index])
  const { documents } = useWorkbench()
  const [writing, setWriting] = useState(false)
  if (!note) return null
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the inspector edits the note by key
    <div
      className="note-card"
      style={{ width: note.width ?? 220 }}
      data-selected={selected || undefined}
      onDoubleClick={() => setWriting(true)}
    >
      {writing ? (
        <textarea
          // biome-ignore lint/a11y/noAutofocus: the user asked for it by a double click
          autoFocus
          className="nodrag nokey"
          aria-label={messages.canvas.noteText}
          rows={Math.max(2, note.text.split('\n').length)}
          value={note.text}
          onFocus={(event) => event.target.select()}
          onBlur={() => setWriting(false)}
          onKeyDown={(event) => event.key === 'Escape' && setWriting(false)}
          onChange={(event) =>
            documents.edit(
              messages.edits.note,
              (document) => changeNote(document, index, { text: event.target.value }),
              `note:${index}`,
            )
          }
        />
      ) : (
        note.text
      )}
    </div>
  )
})
