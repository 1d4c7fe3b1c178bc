import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const openSweeps: Command = {
  id: 'open-sweeps',
  label: messages.commands.sweeps,
  group: 'run',
  keys: [],
  when: building,
  run: ({ view }) => view.set({ overlay: 'sweep', sweepOf: null }),
}
