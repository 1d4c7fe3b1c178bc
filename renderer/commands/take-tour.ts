import { messages } from '../shell/messages.ts'
import { emptyDocument } from '../state/edits/empty-document.ts'
import { newPipeline } from './acts/open-pipeline.ts'
import type { Command } from './command.ts'

export const takeTour: Command = {
  id: 'tour',
  label: messages.tour.start,
  group: 'go',
  keys: [],
  run: async (workbench) => {
    await newPipeline(workbench, emptyDocument(messages.tour.pipeline))
    workbench.view.set({ tourStep: 0, paletteOpen: true, inspectorOpen: true })
  },
}
