import { messages } from '../shell/messages.ts'
import { isRunning } from '../state/run-store.ts'
import { building } from './acts/selected.ts'
import { startRun } from './acts/start-run.ts'
import type { Command } from './command.ts'

export const runWithoutCache: Command = {
  id: 'run-without-cache',
  label: messages.commands.runFresh,
  group: 'run',
  keys: ['Mod+Alt+Enter'],
  menu: ['canvas'],
  when: (workbench) => building(workbench) && !isRunning(workbench.runs.getState()),
  run: (workbench) => startRun(workbench, { useCache: false }),
}
