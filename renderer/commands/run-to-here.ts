import { messages } from '../shell/messages.ts'
import { isRunning } from '../state/run-store.ts'
import { building, selectedSteps } from './acts/selected.ts'
import { startRun } from './acts/start-run.ts'
import type { Command } from './command.ts'

export const runToHere: Command = {
  id: 'run-to-here',
  label: messages.commands.runToHere,
  group: 'run',
  keys: ['Mod+Shift+Enter'],
  menu: ['node'],
  when: (workbench) =>
    building(workbench) && selectedSteps(workbench).size > 0 && !isRunning(workbench.runs.getState()),
  run: (workbench) => startRun(workbench, { targets: [...selectedSteps(workbench)] }),
}
