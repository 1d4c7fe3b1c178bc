import type { PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'
import { startRun } from '../commands/acts/start-run.ts'
import { messages } from '../shell/messages.ts'
import { addNode } from '../state/edits/add-node.ts'
import { connect } from '../state/edits/connect.ts'
import type { Workbench } from '../state/workbench.ts'
import type { tourMessages } from './tour-messages.ts'

export interface TourStep {
  readonly id: keyof typeof tourMessages.steps
  /** What is lit while the step is due. */
  readonly target: string
  done(workbench: Workbench): boolean
  act(workbench: Workbench): void
}

interface Part {
  readonly type: string
  readonly at: readonly [number, number]
  /** Input port, and the type and output port it is wired from. */
  readonly wires: readonly (readonly [input: string, type: string, output: string])[]
}

const parts = {
  data: { type: 'data/example', at: [0, 80], wires: [] },
  split: { type: 'data/split', at: [260, 80], wires: [['table', 'data/example', 'table']] },
  learn: { type: 'train/linear', at: [520, 0], wires: [['table', 'data/split', 'table']] },
  judge: {
    type: 'assess/evaluate',
    at: [780, 80],
    wires: [
      ['model', 'train/linear', 'model'],
      ['table', 'data/split', 'table'],
    ],
  },
} as const satisfies Readonly<Record<string, Part>>

const nodeOf = ({ nodes }: PipelineDocument, type: string) =>
  Object.entries(nodes).find(([, node]) => node.type === type)?.[0]

/** Whether a node of the type is there with its wires from nodes of the right types. */
function isDrawn(document: PipelineDocument, { type, wires }: Part): boolean {
  const typeAt = (address: string) => document.nodes[portAddress(address).node]?.type
  return Object.entries(document.nodes).some(
    ([id, node]) =>
      node.type === type &&
      wires.every(([input, source]) =>
        document.edges.some(({ from, to }) => to === `${id}.${input}` && typeAt(from) === source),
      ),
  )
}

/** The node if there is none yet, and the wires it lacks, as one edit. */
function draw({ documents, catalogue, canvas }: Workbench, { type, at, wires }: Part): void {
  const card = catalogue.getState().byType.get(type)
  if (!card) return
  documents.edit(messages.edits.add(card.title), (old) => {
    const there = nodeOf(old, type)
    const added = there === undefined ? addNode(old, card, at) : { document: old, id: there }
    return wires.reduce((document, [input, source, output]) => {
      const [from, to] = [`${nodeOf(document, source)}.${output}`, `${added.id}.${input}`]
      const drawn = document.edges.some((wire) => wire.from === from && wire.to === to)
      const others = document.edges.filter((wire) => wire.to === to)
      return drawn ? document : connect(document, { from, to }, others)
    }, added.document)
  })
  requestAnimationFrame(() => canvas.current?.fit())
}

const drawing = (id: keyof typeof parts): TourStep => ({
  id,
  target: `.palette-item[data-type="${parts[id].type}"]`,
  done: ({ documents }) => isDrawn(documents.getState().document, parts[id]),
  act: (workbench) => draw(workbench, parts[id]),
})

const judge = ({ documents }: Workbench) => nodeOf(documents.getState().document, parts.judge.type)

export const tourSteps: readonly TourStep[] = [
  drawing('data'),
  drawing('split'),
  drawing('learn'),
  drawing('judge'),
  {
    id: 'run',
    target: '[data-command="run"]',
    done(workbench) {
      const { runs, current } = workbench.runs.getState()
      const status = runs[current ?? '']?.steps[judge(workbench) ?? '']?.status
      return status === 'done' || status === 'cached'
    },
    act: (workbench) => void startRun(workbench),
  },
  {
    id: 'look',
    target: '[role="tab"][data-tab="result"]',
    done(workbench) {
      const { selection, inspectorTab } = workbench.view.getState()
      return inspectorTab === 'result' && selection.has(judge(workbench) ?? '')
    },
    act(workbench) {
      workbench.view.select([judge(workbench) ?? ''])
      workbench.view.set({ inspectorTab: 'result', inspectorOpen: true })
    },
  },
]
