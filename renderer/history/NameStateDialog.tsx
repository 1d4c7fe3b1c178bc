import { historyMessages } from './history-messages.ts'
import './history.css'
import { useState } from 'react'
import { Modal } from '../shell/Modal.tsx'
import { messages } from '../shell/messages.ts'
import { useWorkbench } from '../shell/workbench-context.ts'

/** Asks for a name and keeps the pipeline as it is now under it. */
export function NameStateDialog() {
  const { file, engine, notices, view } = useWorkbench()
  const [name, setName] = useState('')
  const close = () => view.set({ overlay: null })
  const title = name.trim()
  async function keep(event: React.FormEvent) {
    event.preventDefault()
    const { path, document } = file.getState()
    if (title === '' || path === null) return
    close()
    try {
      await engine.nameState({ path, name: title, document })
      notices.say(historyMessages.kept(title), { tone: 'ok', topic: 'history' })
    } catch (error) {
      notices.complain(error)
    }
  }
  return (
    <Modal label={messages.commands.nameState} close={close}>
      <form className="name-state" onSubmit={keep}>
        <label>
          <b>{historyMessages.nameLabel}</b>
          <input
            className="field"
            // biome-ignore lint/a11y/noAutofocus: the dialog was just opened to be typed into
            autoFocus
            value={name}
            placeholder={historyMessages.namePlaceholder}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <p className="mute small">{historyMessages.nameHow}</p>
        <footer>
          <button type="button" className="button" onClick={close}>
            {messages.files.cancel}
          </button>
          <button type="submit" className="button primary" disabled={title === ''}>
            {historyMessages.keep}
          </button>
        </footer>
      </form>
    </Modal>
  )
}
