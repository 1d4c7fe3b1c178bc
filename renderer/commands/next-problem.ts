import { portAddress } from '#graph/adjacency'
import { messages } from '../shell/messages.ts'
import { wireId } from '../state/edits/connect.ts'
import { nodeFace } from '../state/node-face.ts'
import type { Workbench } from '../state/workbench.ts'
import { failingWires } from '../wires/wire-verdict.ts'
import { building } from './acts/selected.ts'
import type { Command } from './command.ts'

/** Node by node, and wire by wire whose assertions fail, in the order in which they would run. */
export const nextProblem: Command = {
  id: 'next-problem',
  label: messages.commands.nextProblem,
  group: 'go',
  keys: ['F8'],
  when: (workbench) => building(workbench) && placesOfProblems(workbench).length > 0,
  run: (workbench) => goOn(workbench, 1),
}
export const previousProblem: Command = {
  ...nextProblem,
  id: 'previous-problem',
  label: messages.commands.previousProblem,
  keys: ['Shift+F8'],
  run: (workbench) => goOn(workbench, -1),
}

function goOn(workbench: Workbench, step: 1 | -1): void {
  const { view, canvas, documents } = workbench
  const places = placesOfProblems(workbench)
  const [selected = ''] = view.getState().selection
  const at = places.indexOf(selected)
  const next = places.at(at < 0 ? (step === 1 ? 0 : -1) : (at + step) % places.length)!
  const isNode = Object.hasOwn(documents.getState().document.nodes, next)
  view.select([next])
  view.set({ inspectorOpen: true, ...(isNode && { inspectorTab: 'problem' as const }) })
  if (isNode) canvas.current?.focus(next)
  else canvas.current?.reveal(portAddress(next.split('→')[1]!).node)
}

/** Ids of nodes with problems that stop, and of wires whose assertions fail. A node that only waits for another has none. */
function placesOfProblems({ documents, checks, runs }: Workbench): readonly string[] {
  const { document } = documents.getState()
  const { check } = checks.getState()
  const failing = failingWires(document, check, runs.getState())
  const nodes = Object.keys(check?.nodes ?? document.nodes).filter((id) => {
    if (!Object.hasOwn(document.nodes, id)) return false
    const { problems } = nodeFace(id, check?.nodes[id], runs.getState())
    return problems.some(({ level, code }) => level !== 'warning' && code !== 'assertion-failed')
  })
  return [...nodes, ...failing.map(wireId)]
}
