import { useStore } from 'zustand'
import { messages } from './messages.ts'
import { useWorkbench } from './workbench-context.ts'

/** Short sentences at the foot of the window, read aloud as they come. */
export function Notices() {
  const { notices } = useWorkbench()
  const shown = useStore(notices, (state) => state.notices)
  return (
    <div className="notices" role="status" aria-live="polite" aria-label={messages.notices.label}>
      {shown.map((notice) => (
        <div key={notice.id} className="notice popover" data-tone={notice.tone}>
          <span>
            {notice.text}
            {notice.fix && <small className="mute">{notice.fix}</small>}
          </span>
          {notice.action && (
            <button type="button" className="button small" onClick={notice.action.run}>
              {notice.action.label}
            </button>
          )}
          <button
            type="button"
            className="notice-close"
            aria-label={messages.notices.dismiss}
            onClick={() => notices.dismiss(notice.id)}
          >
            ×
          </button>
        </div>
      ))}
    </div>
  )
}
