import { messages } from '../shell/messages.ts'
import { type Direction, nudgeSelection, selectNeighbour } from './acts/move-selection.ts'
import { building, selectedNodes } from './acts/selected.ts'
import type { Command } from './command.ts'

const keys: Readonly<Record<Direction, string>> = {
  left: 'ArrowLeft',
  right: 'ArrowRight',
  up: 'ArrowUp',
  down: 'ArrowDown',
}
const directions = Object.keys(keys) as Direction[]

const goes: readonly Command[] = directions.map((direction) => ({
  id: `select-${direction}`,
  label: messages.commands.selectNeighbour,
  group: 'edit',
  keys: [keys[direction]],
  when: building,
  run: (workbench) => selectNeighbour(workbench, direction),
}))

const moves: readonly Command[] = directions.map((direction) => ({
  id: `move-${direction}`,
  label: messages.commands.nudge,
  group: 'edit',
  keys: [`Alt+${keys[direction]}`, `Shift+${keys[direction]}`],
  when: (workbench) => building(workbench) && selectedNodes(workbench).size > 0,
  run: (workbench) => nudgeSelection(workbench, direction),
}))

/** Arrows go from node to node; with Alt or Shift they move the selected ones. */
export const arrowKeys: readonly Command[] = [...goes, ...moves]
