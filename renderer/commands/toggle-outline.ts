import { outlineMessages } from '../outline/outline-messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const toggleOutline: Command = {
  id: 'toggle-outline',
  label: outlineMessages.command,
  group: 'view',
  keys: ['Alt+O'],
  when: building,
  run: ({ view }) => {
    const { outline, paletteOpen } = view.getState()
    const shown = outline && paletteOpen
    view.set({ outline: !shown, paletteOpen: true })
    if (!shown) requestAnimationFrame(() => document.querySelector<HTMLElement>('.outline-row[tabindex="0"]')?.focus())
  },
}
