import { messages } from '../shell/messages.ts'
import type { Room } from '../state/view-store.ts'
import type { Command } from './command.ts'

function goTo(room: Room, key: string): Command {
  return {
    id: `go-${room}`,
    label: messages.commands.go(messages.rooms[room]),
    group: 'go',
    keys: [`Alt+${key}`],
    when: ({ documents }) => room !== 'build' || documents.getState().path !== null,
    run: ({ view }) => view.set({ room, overlay: null }),
  }
}

/** One command a room; the window shows those whose rooms exist. */
export const goToRooms: readonly Command[] = [
  goTo('start', '0'),
  goTo('build', '1'),
  goTo('runs', '2'),
  goTo('models', '3'),
  goTo('reviews', '4'),
  goTo('lineage', '5'),
  goTo('queue', '6'),
]
