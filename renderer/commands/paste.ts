import { messages } from '../shell/messages.ts'
import { pasteClipboard } from './acts/clipboard.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const paste: Command = {
  id: 'paste',
  label: messages.commands.paste,
  group: 'edit',
  keys: ['Mod+V'],
  menu: ['canvas'],
  when: building,
  run: pasteClipboard,
}
