import { useRef, useState } from 'react'
import { formatBytes } from './format.ts'
import { Modal } from './Modal.tsx'
import { messages } from './messages.ts'
import { useAnswer } from './use-answer.ts'
import { useView, useWorkbench } from './workbench-context.ts'

/** The app's own file list, where the browser gives no paths: folders of this computer as the engine sees them. */
export function FileDialog() {
  const picking = useView((state) => state.picking)
  return picking && <FileList extensions={picking.extensions} chosen={picking.chosen} />
}

interface FileListProps {
  readonly extensions: readonly string[]
  readonly chosen: (path: string | null) => void
}

function FileList({ extensions, chosen }: FileListProps) {
  const { engine, info, notices } = useWorkbench()
  const [folder, setFolder] = useState('.')
  const upload = useRef<HTMLInputElement>(null)
  const listing = useAnswer(folder, () => engine.files(extensions.length > 0 ? { folder, extensions } : { folder }))
  async function take(file: File | undefined) {
    if (!file) return
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      chosen((await engine.upload({ name: file.name, bytes })).path)
    } catch (error) {
      notices.complain(error)
    }
  }
  const { value, problems } = listing
  return (
    <Modal label={messages.files.title} close={() => chosen(null)}>
      <div className="file-list">
        <header>
          <h2>{messages.files.title}</h2>
          <p className="mute mono">
            {(value?.folder ?? folder) === '.' ? info.projectName : (value?.folder ?? folder)}
          </p>
        </header>
        <div className="file-entries">
          {value?.parent != null && (
            <button type="button" onClick={() => setFolder(value.parent ?? '.')}>
              <i aria-hidden="true">↑</i> {messages.files.up}
            </button>
          )}
          {value?.entries.map((entry) => (
            <button
              key={entry.path}
              type="button"
              onClick={() => (entry.folder ? setFolder(entry.path) : chosen(entry.path))}
            >
              <i aria-hidden="true">{entry.folder ? '▸' : '·'}</i> {entry.name}
              <span className="mute number">{entry.bytes === undefined ? '' : formatBytes(entry.bytes)}</span>
            </button>
          ))}
          {value?.entries.length === 0 && <p className="mute">{messages.files.empty}</p>}
          {problems?.map((problem) => (
            <p key={problem.message} className="bad">
              {problem.message}
            </p>
          ))}
        </div>
        <footer>
          <input
            ref={upload}
            type="file"
            hidden
            accept={extensions.map((extension) => (extension.startsWith('.') ? extension : `.${extension}`)).join()}
            onChange={(event) => take(event.target.files?.[0])}
          />
          <button type="button" className="button" onClick={() => upload.current?.click()}>
            {messages.files.upload}
          </button>
          <span className="spacer" />
          <button type="button" className="button" onClick={() => chosen(null)}>
            {messages.files.cancel}
          </button>
        </footer>
      </div>
    </Modal>
  )
}
