import { messages } from '../shell/messages.ts'
import { selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

export const showLineage: Command = {
  id: 'show-lineage',
  label: messages.commands.lineage,
  group: 'go',
  keys: [],
  menu: ['node'],
  when: (workbench) => {
    const node = selectedNode(workbench)
    return node !== null && workbench.checks.getState().check?.nodes[node]?.last !== undefined
  },
  run: (workbench) => {
    const last = workbench.checks.getState().check?.nodes[selectedNode(workbench) ?? '']?.last
    const artifact = Object.values(last?.outputs ?? {})[0]?.hash
    workbench.view.set({ room: 'lineage', lineageOf: artifact ?? last?.run ?? null })
  },
}
