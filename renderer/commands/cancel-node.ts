import { messages } from '../shell/messages.ts'
import { currentRun } from '../state/run-store.ts'
import { selectedNode } from './acts/selected.ts'
import { stopRun } from './acts/start-run.ts'
import type { Command } from './command.ts'

export const cancelNode: Command = {
  id: 'cancel-node',
  label: messages.commands.cancelNode,
  group: 'run',
  keys: [],
  menu: ['node'],
  when: (workbench) => {
    const node = selectedNode(workbench)
    return node !== null && currentRun(workbench.runs.getState())?.steps[node]?.status === 'running'
  },
  run: (workbench) => stopRun(workbench, selectedNode(workbench) ?? undefined),
}
