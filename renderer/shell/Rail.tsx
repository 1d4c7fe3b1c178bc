import { resolveTheme } from '../theme/apply-theme.ts'
import { rooms } from './later-rooms.tsx'
import { messages } from './messages.ts'
import { RoomIcon } from './RoomIcon.tsx'
import { useDocument, useView, useWorkbench } from './workbench-context.ts'

/** The rooms, at the left edge. */
export function Rail() {
  const { view } = useWorkbench()
  const current = useView((state) => state.room)
  const theme = useView((state) => state.theme)
  const open = useDocument((state) => state.path !== null)
  const dark = resolveTheme(theme) === 'dark'
  return (
    <nav className="rail" aria-label={messages.app}>
      {rooms.map((room) => (
        <button
          key={room}
          type="button"
          aria-current={room === current ? 'page' : undefined}
          disabled={room === 'build' && !open}
          onClick={() => view.set({ room, ...(room === 'runs' ? { openRun: null } : {}) })}
        >
          <RoomIcon room={room} />
          {messages.rooms[room]}
        </button>
      ))}
      <span className="spacer" />
      <button
        type="button"
        className="rail-theme"
        aria-label={messages.top.theme}
        title={messages.commands.theme}
        onClick={() => view.set({ theme: dark ? 'light' : 'dark' })}
      >
        <svg width="18" height="18" viewBox="0 0 24 24" aria-hidden="true">
          <circle cx="12" cy="12" r="8" fill="none" stroke="currentColor" strokeWidth="1.8" />
          <path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor" />
        </svg>
      </button>
    </nav>
  )
}
