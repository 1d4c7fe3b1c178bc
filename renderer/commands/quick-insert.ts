import { portAddress } from '#graph/adjacency'
import { messages } from '../shell/messages.ts'
import { placeOf } from '../state/edits/move-nodes.ts'
import { freePlace } from './acts/insert-node.ts'
import { building, selectedNode, selectedWires } from './acts/selected.ts'
import type { Command } from './command.ts'

/** Beside the selected node, into the selected wire, or in the middle. */
export const quickInsert: Command = {
  id: 'quick-insert',
  label: messages.commands.addNode,
  group: 'add',
  keys: ['/'],
  menu: ['canvas', 'wire'],
  when: building,
  run: (workbench) => {
    const { canvas, documents, view } = workbench
    if (!canvas.current) return
    const [wire, ...others] = selectedWires(workbench)
    if (wire && others.length === 0) {
      const ends = [wire.from, wire.to].map((end) => placeOf(documents.getState().document, portAddress(end).node))
      const middle = [(ends[0]![0] + ends[1]![0]) / 2, (ends[0]![1] + ends[1]![1]) / 2] as const
      return view.set({ quickInsert: { screen: canvas.current.toScreen(middle), flow: middle, target: { wire } } })
    }
    const from = selectedNode(workbench)
    const beside = from === null ? null : placeOf(documents.getState().document, from)
    const flow = freePlace(workbench, beside ? [beside[0] + 250, beside[1]] : canvas.current.center())
    view.set({ quickInsert: { screen: canvas.current.toScreen(flow), flow } })
  },
}
