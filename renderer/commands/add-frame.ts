import { messages } from '../shell/messages.ts'
import { addFrame } from '../state/edits/annotate.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

export const addFrameAround: Command = {
  id: 'add-frame',
  label: messages.commands.addFrame,
  group: 'add',
  keys: ['G'],
  menu: ['node'],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0,
  run: (workbench) => {
    const { canvas, documents, view } = workbench
    const { document } = documents.getState()
    const boxes = [...selectedNodes(workbench)].map((id) => {
      const [x, y] = placeOf(document, id)
      const { width, height } = canvas.current?.sizeOf(id) ?? { width: 198, height: 90 }
      return { left: x, top: y, right: x + width, bottom: y + height }
    })
    const x = Math.min(...boxes.map((box) => box.left)) - 20
    const y = Math.min(...boxes.map((box) => box.top)) - 32
    const width = Math.max(...boxes.map((box) => box.right)) + 20 - x
    const height = Math.max(...boxes.map((box) => box.bottom)) + 20 - y
    documents.edit(messages.edits.frame, (old) =>
      addFrame(old, { title: messages.canvas.newFrame, x, y, width, height }),
    )
    view.select([`frame:${documents.getState().document.frames.length - 1}`])
  },
}
