import { portAddress } from '#graph/adjacency'
import { wireMessages } from '../shell/wire-messages.ts'
import { wireId } from '../state/edits/connect.ts'
import type { Workbench } from '../state/workbench.ts'
import { building, selectedNode, selectedWires } from './acts/selected.ts'
import type { Command } from './command.ts'

/** From a node to the wires into and out of it, one after the other, and back to the node. */
export const selectWire: Command = {
  id: 'select-wire',
  label: wireMessages.select,
  group: 'go',
  keys: ['W'],
  menu: ['node'],
  when: (workbench) => building(workbench) && nextWire(workbench) !== undefined,
  run(workbench) {
    const next = nextWire(workbench)
    if (next) workbench.view.select([next])
  },
}

/** The node whose wires were gone through last, so that a wire does not lead on to the wires of its other end. */
let around: string | null = null

function nextWire(workbench: Workbench): string | undefined {
  const [wire, ...others] = selectedWires(workbench)
  const node = selectedNode(workbench)
  if (node !== null) around = node
  else if (!wire || others.length > 0) return undefined
  const ends = wire ? [wire.to, wire.from].map((end) => portAddress(end).node) : []
  const of = wire && !ends.includes(around ?? '') ? ends[0]! : around!
  const { edges } = workbench.documents.getState().document
  const touching = (['to', 'from'] as const).flatMap((end) =>
    edges.filter((edge) => portAddress(edge[end]).node === of),
  )
  const ids = touching.map(wireId)
  const place = wire ? ids.indexOf(wireId(wire)) + 1 : 0
  return ids[place] ?? (wire ? of : undefined)
}
