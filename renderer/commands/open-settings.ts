import { messages } from '../shell/messages.ts'
import { enterGroup } from './acts/levels.ts'
import { building, selectedGroup, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

/** Of a group, its inside. */
export const openSettings: Command = {
  id: 'open-settings',
  label: messages.commands.settings,
  group: 'edit',
  keys: ['Enter'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNode(workbench) !== null,
  run: (workbench) => {
    const { view } = workbench
    const group = selectedGroup(workbench)
    if (group !== null) return enterGroup(workbench, group)
    view.set({ inspectorOpen: true, inspectorTab: 'settings' })
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.inspector [data-first-field]')?.focus())
  },
}
