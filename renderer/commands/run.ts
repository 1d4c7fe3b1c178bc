import { messages } from '../shell/messages.ts'
import { isRunning } from '../state/run-store.ts'
import { building } from './acts/selected.ts'
import { startRun } from './acts/start-run.ts'
import type { Command } from './command.ts'

export const run: Command = {
  id: 'run',
  label: messages.commands.run,
  group: 'run',
  keys: ['Mod+Enter'],
  menu: ['canvas'],
  when: (workbench) => building(workbench) && !isRunning(workbench.runs.getState()),
  run: (workbench) => startRun(workbench),
}
