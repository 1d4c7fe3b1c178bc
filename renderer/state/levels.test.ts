import { beforeEach, describe, expect, it } from 'vitest'
import type { DocumentCheck, NodeCheck, PipelineDocument, StepSummary } from '#contract'
import { packNodes } from '#graph/groups/pack-nodes'
import { sampleCards } from '../client/sample-cards.test-support.ts'
import { createCatalogueStore } from './catalogue-store.ts'
import { createCheckStore } from './check-store.ts'
import { createDocumentStore } from './document-store.ts'
import { emptyDocument } from './edits/empty-document.ts'
import { usesOfGroup } from './edits/name-group.ts'
import { renameNode, setParameter } from './edits/set-parameter.ts'
import { followGroups } from './follow-groups.ts'
import { createLevelChecks } from './level-checks.ts'
import { createLevelRuns } from './level-runs.ts'
import { createLevelDocuments, createLevelStore } from './level-store.ts'
import { createRunStore, currentRun } from './run-store.ts'

const node = (type: string) => ({ type, version: 1, params: {} })
const plain: PipelineDocument = {
  ...emptyDocument('Loans'),
  nodes: { rows: node('data/read-file'), split: node('data/split'), learn: node('train/linear') },
  edges: [
    { from: 'split.table', to: 'learn.table' },
    { from: 'rows.table', to: 'split.table' },
  ],
}
const cards = new Map(sampleCards.map((card) => [card.type, card]))

function grouped(): PipelineDocument {
  const answer = packNodes(plain, new Set(['split', 'learn']), 'Model', cards)
  if ('code' in answer) throw new Error(answer.message)
  return answer.document
}

function setup(document = grouped()) {
  const file = createDocumentStore()
  const level = createLevelStore(file)
  const catalogue = followGroups(createCatalogueStore(sampleCards), sampleCards, file, level)
  file.open({ path: 'a.plumb.json', document, revision: null })
  return { file, level, catalogue, documents: createLevelDocuments(file, level) }
}

describe('levels', () => {
  let at: ReturnType<typeof setup>
  beforeEach(() => {
    at = setup()
  })

  it('show the inside of a group as the document, and edit the group', () => {
    const { file, level, documents } = at
    expect(documents.getState().document).toBe(file.getState().document)
    level.enter('model')
    expect(documents.getState().document.name).toBe('Model')
    documents.edit('Set', (document) => setParameter(document, 'split', 'seed', 3))
    expect(file.getState().document.groups!.model!.nodes.split!.params).toEqual({ seed: 3 })
    expect(file.getState().past).toHaveLength(1)
    file.undo()
    expect(documents.getState().document.nodes.split!.params).toEqual({})
  })

  it('are left when their group is gone', () => {
    const { file, level } = at
    file.edit('Ungroup', () => plain)
    expect(level.getState().path).toEqual([])
    file.undo()
    level.enter('model')
    level.enter('split')
    expect(level.getState().path).toEqual(['model'])
    file.edit('Ungroup', () => plain)
    expect(level.getState().path).toEqual([])
  })

  it('keep the groups in the catalogue, and ports only inside', () => {
    const { level, catalogue, file } = at
    const types = () => [...catalogue.getState().byType.keys()]
    expect(types()).toContain('group/model')
    expect(types()).not.toContain('input/table')
    level.enter('model')
    expect(types()).not.toContain('group/model')
    expect(types()).toContain('input/table')
    file.edit('Ungroup', () => plain)
    expect(types()).toEqual(sampleCards.map(({ type }) => type))
  })

  it('name a group by its only node, else the node alone', () => {
    const { file } = at
    const renamed = renameNode(file.getState().document, 'model', 'Scores')
    expect(renamed.groups!.model!.title).toBe('Scores')
    expect(renamed.nodes.model!.title).toBeUndefined()
    const twice = { ...renamed, nodes: { ...renamed.nodes, other: renamed.nodes.model! } }
    expect(usesOfGroup(twice, 'group/model')).toBe(2)
    expect(renameNode(twice, 'other', 'Mine').nodes.other!.title).toBe('Mine')
  })
})

describe('runs and checks of a level', () => {
  const step = (id: string, status: StepSummary['status']): StepSummary => ({
    run: 'r1',
    node: id,
    nodeType: 'x/y',
    status,
    problems: [],
    outputs: {},
  })

  it('show a group as one step, and inside it its own', () => {
    const { file, level } = setup()
    const all = createRunStore()
    const runs = createLevelRuns(all, file, level)
    const steps = [step('rows', 'done'), step('model--split', 'running'), step('model--learn', 'queued')]
    for (const one of steps) all.receive({ type: 'step', ...one })
    all.receive({ type: 'progress', run: 'r1', node: 'model--split', fraction: 0.5 })
    all.receive({ type: 'log', run: 'r1', node: 'model--split', level: 'info', message: 'half' })
    all.started('r1')
    const seen = () => currentRun(runs.getState())!
    expect(seen().order).toEqual(['rows', 'model'])
    expect(seen().steps.model).toMatchObject({ status: 'running', title: 'Model' })
    expect(seen().progress.model).toEqual({ fraction: 0.25 })
    expect(seen().logs[0]!.node).toBe('model')
    level.enter('model')
    expect(seen().order).toEqual(['split', 'learn'])
    expect(seen().steps.split!.status).toBe('running')
    expect(seen().progress.split).toEqual({ fraction: 0.5 })
  })

  it('answer by the ids of the level, wires through ports too', async () => {
    const { file, level } = setup()
    const one = (state: NodeCheck['state']): NodeCheck => ({ state, problems: [], inputs: {}, outputs: {} })
    const verdict = { verdict: 'pass' as const, checks: [] }
    const check: DocumentCheck = {
      problems: [],
      lint: [],
      nodes: { rows: one('cached'), model: one('stale'), 'model--split': one('cached'), 'model--learn': one('stale') },
      wires: [
        { from: 'rows.table', to: 'model--split.table', ...verdict },
        { from: 'model--split.table', to: 'model--learn.table', ...verdict },
      ],
    }
    const checks = createLevelChecks(createCheckStore({ check: async () => check }, file, createRunStore()), level)
    checks.recheck()
    await expect.poll(() => checks.getState().check).toBeTruthy()
    expect(Object.keys(checks.getState().check!.nodes)).toEqual(['rows', 'model'])
    expect(checks.getState().check!.wires).toMatchObject([{ from: 'rows.table', to: 'model.table' }])
    level.enter('model')
    expect(Object.keys(checks.getState().check!.nodes)).toEqual(['split', 'learn'])
    expect(checks.getState().check!.wires).toMatchObject([{ from: 'split.table', to: 'learn.table' }])
    checks.stop()
  })
})
