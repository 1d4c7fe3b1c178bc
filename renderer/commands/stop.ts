import { messages } from '../shell/messages.ts'
import { isRunning } from '../state/run-store.ts'
import { stopRun } from './acts/start-run.ts'
import type { Command } from './command.ts'

export const stop: Command = {
  id: 'stop',
  label: messages.commands.stop,
  group: 'run',
  keys: ['Mod+.'],
  when: (workbench) => isRunning(workbench.runs.getState()),
  run: (workbench) => stopRun(workbench),
}
