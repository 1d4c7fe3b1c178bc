import type { PipelineDocument } from '#contract'

interface Part {
  readonly name: string
  readonly type: string
  readonly params?: Readonly<Record<string, number | string>>
  readonly place: readonly [x: number, y: number]
}

const parts: readonly Part[] = [
  { name: 'rows', type: 'data/example', params: { rows: 200 }, place: [0, 60] },
  { name: 'split', type: 'data/split', place: [240, 60] },
  { name: 'prepare', type: 'prepare/prepare', place: [480, 0] },
  { name: 'model', type: 'train/linear', params: { folds: 0 }, place: [720, 60] },
  { name: 'judge', type: 'assess/evaluate', params: { replicates: 0 }, place: [960, 0] },
  { name: 'slices', type: 'assess/slices', place: [960, 140] },
  { name: 'shap', type: 'explain/shap', place: [1200, 0] },
]
const wires: readonly (readonly [from: string, to: string])[] = [
  ['rows.table', 'split.table'],
  ['split.table', 'prepare.table'],
  ['split.table', 'model.table'],
  ['prepare.preparation', 'model.preparation'],
  ['model.model', 'judge.model'],
  ['split.table', 'judge.table'],
  ['model.model', 'slices.model'],
  ['split.table', 'slices.table'],
  ['model.model', 'shap.model'],
  ['split.table', 'shap.table'],
]

/**
 * The same little pipeline over and over, some nodes in all and half as many wires again. All copies have the same keys:
 * they run once, and every card shows a result.
 */
export function manyNodes(count: number): PipelineDocument {
  const nodes: Record<string, PipelineDocument['nodes'][string]> = {}
  const layout: Record<string, [number, number]> = {}
  const copies = Math.ceil(count / parts.length)
  const acrossCopies = Math.ceil(Math.sqrt(copies / 3))
  for (let index = 0; index < count; index++) {
    const copy = Math.floor(index / parts.length)
    const { name, type, params = {}, place } = parts[index % parts.length]!
    const id = `${name}-${copy + 1}`
    nodes[id] = { type, version: 1, params: { ...params } }
    layout[id] = [place[0] + 1500 * (copy % acrossCopies), place[1] + 330 * Math.floor(copy / acrossCopies)]
  }
  const edges = Array.from({ length: copies }, (_, copy) =>
    wires.map(([from, to]) => ({ from: ofCopy(from, copy), to: ofCopy(to, copy) })),
  )
    .flat()
    .filter(({ from, to }) => [from, to].every((end) => end.split('.')[0]! in nodes))
  return {
    format: 1,
    name: `${count} nodes`,
    description: '',
    seed: 1,
    nodes,
    edges,
    inputs: {},
    layout,
    frames: [],
    notes: [],
  }
}

const ofCopy = (address: string, copy: number) => address.replace('.', `-${copy + 1}.`)
