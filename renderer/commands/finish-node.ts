import { messages } from '../shell/messages.ts'
import { currentRun } from '../state/run-store.ts'
import { selectedNode } from './acts/selected.ts'
import { finishStep } from './acts/start-run.ts'
import type { Command } from './command.ts'

/** For steps that show themselves while they work: those can end early with what they have. */
export const finishNode: Command = {
  id: 'finish-node',
  label: messages.commands.finishNode,
  group: 'run',
  keys: [],
  menu: ['node'],
  when: (workbench) => {
    const node = selectedNode(workbench)
    const run = currentRun(workbench.runs.getState())
    return node !== null && run?.steps[node]?.status === 'running' && node in run.live
  },
  run: (workbench) => finishStep(workbench, selectedNode(workbench)!),
}
