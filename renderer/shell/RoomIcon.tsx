import type { Room } from '../state/view-store.ts'

const paths: Readonly<Record<Room, string>> = {
  start: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  build: 'M4 5h6v5H4zM14 14h6v5h-6zM10 7h4v9',
  runs: 'M4 6h16M4 12h11M4 18h7',
  models: 'M12 3l8 4v10l-8 4-8-4V7z',
  reviews: 'M5 12l4 4 10-10',
  queue: 'M4 5h16v14H4zM4 14h4l2 2h4l2-2h4',
  monitor: 'M3 14h4l3-8 4 12 3-7h4',
  lineage: 'M6 6a2 2 0 1 0 .1 0M18 12a2 2 0 1 0 .1 0M6 18a2 2 0 1 0 .1 0M8 7l8 4M8 17l8-4',
}

export function RoomIcon({ room }: { room: Room }) {
  return (
    <svg
      width="22"
      height="22"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      aria-hidden="true"
    >
      <path d={paths[room]} />
    </svg>
  )
}
