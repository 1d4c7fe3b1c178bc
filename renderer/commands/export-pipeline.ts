import { printDocument } from '#graph/print'
import { messages } from '../shell/messages.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

export const exportPipeline: Command = {
  id: 'export-pipeline',
  label: messages.commands.exportPipeline,
  group: 'file',
  keys: [],
  when: building,
  run: async ({ file, host }) => {
    const { document, path } = file.getState()
    const name = path?.split(/[\\/]/).at(-1) ?? 'pipeline.plumb.json'
    await host.saveFile(name, new TextEncoder().encode(printDocument(document)))
  },
}
