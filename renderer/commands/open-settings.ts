import { messages } from '../shell/messages.ts'
import { building, selectedNode } from './acts/selected.ts'
import type { Command } from './command.ts'

export const openSettings: Command = {
  id: 'open-settings',
  label: messages.commands.settings,
  group: 'edit',
  keys: ['Enter'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNode(workbench) !== null,
  run: ({ view }) => {
    view.set({ inspectorOpen: true, inspectorTab: 'settings' })
    requestAnimationFrame(() => document.querySelector<HTMLElement>('.inspector [data-first-field]')?.focus())
  },
}
