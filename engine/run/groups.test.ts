import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PipelineDocument } from '#contract'
import { describeNode } from '#graph/describe-node'
import { expandGroups } from '#graph/groups/expand-groups'
import { groupCards } from '#graph/groups/group-cards'
import { type PackedNodes, packNodes } from '#graph/groups/pack-nodes'
import { applySettingsInside } from '#graph/groups/set-inside'
import { unpackNode } from '#graph/groups/unpack-node'
import type { OpenEngine } from './engine.ts'
import { catalogue } from './testing-nodes.ts'
import { fullDocument, runToEnd, type TestingProject, testingProject } from './testing-project.ts'

let project: TestingProject
let engine: OpenEngine
const file = 'lines.plumb.json'
beforeEach(async () => {
  project = testingProject()
  engine = await project.open()
})
afterEach(() => project.close())

const cards = catalogue.map(describeNode)

function pack(document: PipelineDocument, ids: readonly string[], title: string): PackedNodes {
  const types = new Map([...cards, ...groupCards(document.groups, cards)].map((card) => [card.type, card]))
  const answer = packNodes(document, new Set(ids), title, types)
  if ('code' in answer) throw new Error(answer.message)
  return answer
}

/** Changes both, with the counting inside another group around them. */
function nested(): PipelineDocument {
  const inner = pack(fullDocument(project.folder), ['left', 'right'], 'Both').document
  return pack(inner, ['both', 'count'], 'Counted').document
}

test('packing, packing again and unpacking never cost a run', async () => {
  const plain = fullDocument(project.folder)
  await runToEnd(engine, { document: plain, file })
  project.forgetExecuted()
  const packed = nested()
  const { statuses } = await runToEnd(engine, { document: packed, file })
  expect(statuses).toMatchObject({ read: 'cached', 'counted--both--left': 'cached', 'counted--count': 'cached' })
  const half = unpackNode(packed, 'counted')!.document
  await runToEnd(engine, { document: half, file })
  await runToEnd(engine, { document: unpackNode(half, 'both')!.document, file })
  expect(project.executed()).toEqual(['act', 'act', 'act'])
})

test('a group that was just made shows the results of its nodes', async () => {
  await runToEnd(engine, { document: fullDocument(project.folder), file })
  const { nodes } = await engine.check({ document: nested(), file })
  expect(nodes['counted--both--left']).toMatchObject({ state: 'cached', last: { node: 'left', status: 'done' } })
  expect(nodes['counted--both']).toMatchObject({ state: 'cached', last: { title: 'Both' } })
  const counted = nodes.counted!
  expect(counted.state).toBe('cached')
  expect(counted.last).toMatchObject({ status: 'done', node: 'count', outputs: { evaluation: { kind: 'evaluation' } } })
  expect(Object.keys(nodes['counted--both']!.last!.outputs)).toEqual(Object.keys(nodes['counted--both']!.outputs))
  expect(Object.keys(counted.last!.outputs)).toEqual(['evaluation'])
  expect(counted.inputs.table).toMatchObject({ columns: [{ name: 'line' }] })
  const report = await engine.report({ run: counted.last!.run, node: counted.last!.node })
  expect(report).toEqual(await engine.report({ run: nodes['counted--count']!.last!.run, node: 'count' }))
})

test('run to here works on a group and inside it', async () => {
  const document = nested()
  const inside = await runToEnd(engine, { document, file, targets: ['counted--both--right'] })
  expect(Object.keys(inside.statuses).sort()).toEqual(['counted--both--right', 'read'])
  const whole = await runToEnd(engine, { document, file, targets: ['counted'] })
  expect(whole.statuses).toEqual({
    read: 'cached',
    'counted--both--left': 'done',
    'counted--both--right': 'cached',
    'counted--count': 'done',
  })
})

test('a change inside makes the group stale and says where', async () => {
  const document = nested()
  await runToEnd(engine, { document, file })
  const changed = structuredClone(document)
  changed.groups!.both!.nodes.left!.params = { ...changed.groups!.both!.nodes.left!.params, suffix: ' new' }
  const { nodes } = await engine.check({ document: changed, file })
  expect(nodes.counted).toMatchObject({
    state: 'stale',
    why: ['left: suffix  left →  new', 'count: waits for Counted › Both › Change'],
  })
  expect(nodes['counted--both--right']!.state).toBe('cached')
})

test('settings reach what a group shows; a broken group is refused before anything runs', async () => {
  const document = nested()
  document.groups!.both!.inputs = { end: 'left.suffix' }
  const set = await runToEnd(engine, {
    document,
    file,
    set: { 'counted--both.end': ' set' },
    targets: ['counted--both'],
  })
  expect(set.summary.status).toBe('done')
  expect(project.executed()).toEqual(['change right', 'change set', 'read'])
  document.nodes.counted!.params = { gone: 1 }
  await expect(engine.run({ document })).rejects.toThrow('does not show a setting "gone"')
  expect((await engine.check({ document })).nodes.counted!.problems).toEqual([
    expect.objectContaining({ code: 'parameter-bad', node: 'counted', path: ['params', 'gone'] }),
  ])
})

test('a group is cancelled as a whole', async () => {
  const document = pack(fullDocument(project.folder, { pauseMs: 4_000 }), ['left', 'right'], 'Both').document
  const { id } = await engine.run({ document })
  await new Promise<void>((resolve) => {
    engine.subscribe((event) => {
      if (event.type === 'step' && event.node === 'both--left' && event.status === 'running') resolve()
    })
  })
  await engine.cancel({ run: id, node: 'both' })
  await engine.idle(id)
  const { steps } = await engine.runDetail({ run: id })
  const statuses = Object.fromEntries(steps.map(({ node, status }) => [node, status]))
  expect(statuses).toMatchObject({
    read: 'done',
    'both--left': 'cancelled',
    'both--right': 'cancelled',
    count: 'skipped',
  })
})

test('a sweep searches what a group shows', async () => {
  const document = pack(fullDocument(project.folder), ['left', 'right'], 'Both').document
  document.groups!.both!.inputs = { end: 'left.suffix' }
  const { id } = await engine.startSweep({
    document,
    plan: {
      parameters: [{ setting: 'both.end', values: [' a', ' b'] }],
      strategy: 'grid',
      metric: { node: 'count', name: 'lines' },
    },
  })
  await engine.sweepIdle(id)
  const { trials } = await engine.sweep({ sweep: id })
  expect(trials.map(({ settings, status }) => [settings['both--left.suffix'], status])).toEqual([
    [' a', 'done'],
    [' b', 'done'],
  ])
})

test('a sweep searches a node inside groups that no group shows: one of two alike, upstream once, by the keys there were', async () => {
  const plain = fullDocument(project.folder)
  const whole = nested()
  await runToEnd(engine, { document: plain, file })
  project.forgetExecuted()
  const sweep = async (document: PipelineDocument) => {
    const { id } = await engine.startSweep({
      document,
      file,
      plan: {
        parameters: [{ setting: 'counted/both/left.suffix', values: [' left', ' b', ' c'] }],
        strategy: 'grid',
        metric: { node: 'counted/count', name: 'lines' },
      },
    })
    await engine.sweepIdle(id)
    return engine.sweep({ sweep: id })
  }
  const before = structuredClone(whole)
  const { trials } = await sweep(whole)
  expect(trials.map(({ settings, status }) => [settings['counted--both--left.suffix'], status])).toEqual([
    [' left', 'done'],
    [' b', 'done'],
    [' c', 'done'],
  ])
  expect(project.executed().filter((step) => !step.startsWith('count'))).toEqual(['change b', 'change c'])
  expect(whole).toEqual(before)
  const two = { ...whole, nodes: { ...whole.nodes, again: whole.nodes.counted! } }
  const used = applySettingsInside(two, { 'counted--both--left.suffix': '" b"' }, cards)
  const { nodes } = expandGroups(used).document
  expect([nodes['counted--both--left'], nodes['again--both--left']].map((node) => node!.params.suffix)).toEqual([
    ' b',
    ' left',
  ])
  project.forgetExecuted()
  await runToEnd(engine, { document: used, file, targets: ['counted'] })
  expect(project.executed()).toEqual([])
})
