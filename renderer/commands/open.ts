import { messages } from '../shell/messages.ts'
import { openChosenPipeline } from './acts/open-pipeline.ts'
import type { Command } from './command.ts'

export const open: Command = {
  id: 'open',
  label: messages.commands.open,
  group: 'file',
  keys: ['Mod+O'],
  run: openChosenPipeline,
}
