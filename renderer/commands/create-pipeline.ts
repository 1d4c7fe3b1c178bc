import { messages } from '../shell/messages.ts'
import { newPipeline } from './acts/open-pipeline.ts'
import type { Command } from './command.ts'

export const createPipeline: Command = {
  id: 'new-pipeline',
  label: messages.commands.newPipeline,
  group: 'file',
  keys: ['Alt+N'],
  run: (workbench) => newPipeline(workbench),
}
