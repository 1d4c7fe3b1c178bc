import { outlineMessages } from '../outline/outline-messages.ts'
import { type Alignment, alignNodes } from '../state/edits/align-nodes.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

const ways = ['left', 'top', 'across', 'down'] as const satisfies readonly Alignment[]

/** For two selected nodes at least, for equal gaps three. */
export const alignCommands: readonly Command[] = ways.map((how) => ({
  id: `align-${how}`,
  label: outlineMessages.align[how],
  group: 'view' as const,
  keys: [],
  when: (workbench) =>
    building(workbench) && selectedNodes(workbench).size >= (how === 'left' || how === 'top' ? 2 : 3),
  run: (workbench) => {
    const { documents, canvas } = workbench
    const sizeOf = (id: string) => canvas.current?.sizeOf(id) ?? { width: 198, height: 100 }
    documents.edit(outlineMessages.align[how], (document) =>
      alignNodes(document, [...selectedNodes(workbench)], how, sizeOf),
    )
  },
}))
