import { messages } from '../shell/messages.ts'
import { resolveTheme } from '../theme/apply-theme.ts'
import type { Command } from './command.ts'

export const toggleTheme: Command = {
  id: 'toggle-theme',
  label: messages.commands.theme,
  group: 'view',
  keys: ['Mod+Shift+L'],
  run: ({ view }) => view.set({ theme: resolveTheme(view.getState().theme) === 'dark' ? 'light' : 'dark' }),
}
