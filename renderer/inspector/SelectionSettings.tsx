import { alignCommands } from '../commands/align.ts'
import { deleteSelection } from '../commands/delete-selection.ts'
import { runCommand } from '../commands/run-command.ts'
import { messages } from '../shell/messages.ts'
import { useDocument, useWorkbench } from '../shell/workbench-context.ts'
import { changeFrame, changeNote } from '../state/edits/annotate.ts'
import { WireCard } from '../wires/WireCard.tsx'

/** A selected wire, frame or note, or several things at once. */
export function SelectionSettings({ selection }: { selection: ReadonlySet<string> }) {
  const workbench = useWorkbench()
  const [only] = selection
  if (selection.size !== 1 || only === undefined)
    return (
      <header className="inspector-head">
        <h2>{messages.inspector.several(selection.size)}</h2>
        {alignCommands
          .filter((command) => command.when?.(workbench))
          .map((command) => (
            <button
              key={command.id}
              type="button"
              className="button small"
              onClick={() => runCommand(command, workbench)}
            >
              {command.label}
            </button>
          ))}
        <RemoveButton label={messages.edits.remove} />
      </header>
    )
  if (only.startsWith('frame:')) return <FrameSettings index={Number(only.slice(6))} />
  if (only.startsWith('note:')) return <NoteSettings index={Number(only.slice(5))} />
  return <WireCard key={only} id={only} />
}

function RemoveButton({ label }: { label: string }) {
  const workbench = useWorkbench()
  return (
    <button type="button" className="button small danger" onClick={() => runCommand(deleteSelection, workbench)}>
      {label}
    </button>
  )
}

function FrameSettings({ index }: { index: number }) {
  const { documents } = useWorkbench()
  const frame = useDocument((state) => state.document.frames[index])
  if (!frame) return null
  return (
    <div className="inspector-body parameter-form">
      <label className="stacked">
        {messages.canvas.frameTitle}
        <input
          className="field"
          value={frame.title}
          onChange={(event) =>
            documents.edit(
              messages.edits.frame,
              (document) => changeFrame(document, index, { title: event.target.value }),
              `frame:${index}`,
            )
          }
        />
      </label>
      <RemoveButton label={messages.edits.remove} />
    </div>
  )
}

function NoteSettings({ index }: { index: number }) {
  const { documents } = useWorkbench()
  const note = useDocument((state) => state.document.notes[index])
  if (!note) return null
  return (
    <div className="inspector-body parameter-form">
      <label className="stacked">
        {messages.inspector.note}
        <textarea
          className="field"
          rows={6}
          value={note.text}
          onChange={(event) =>
            documents.edit(
              messages.edits.note,
              (document) => changeNote(document, index, { text: event.target.value }),
              `note:${index}`,
            )
          }
        />
      </label>
      <RemoveButton label={messages.edits.remove} />
    </div>
  )
}
