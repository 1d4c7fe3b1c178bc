/** A feature that was discarded, the report that asks for opinions, and the run after a reviewer wanted it back. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Evaluation, Model, PipelineDocument, Report, Review, RunDetail } from '#contract'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'

let folder: string
let engine: OpenEngine
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-consult-'))
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  engine = await createEngine({ project: folder, catalogue, catalogueUrl, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const node = (type: string, params = {}) => ({ type, version: 1, params })
const wires = [
  'loans.table split.table',
  'split.table select.table',
  'select.table linear.table',
  'linear.model audit.model',
  'select.table audit.table',
  'audit.evaluation report.evaluation',
  'select.selection report.evaluation',
  'linear.model report.model',
]
const document: PipelineDocument = {
  format: 1,
  name: 'Consult',
  description: '',
  seed: 1,
  nodes: {
    loans: node('data/example', { rows: 500 }),
    split: node('data/split'),
    select: node('prepare/select-features', { method: 'k-best', keep: 2, leastImportance: 0 }),
    linear: node('train/linear', { folds: 0 }),
    audit: node('fairness/audit'),
    report: node('fairness/report'),
  } as PipelineDocument['nodes'],
  edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
  inputs: {},
  layout: {},
  frames: [],
  notes: [],
}
const file = 'consult.plumb.json'

async function run(): Promise<RunDetail> {
  const { id } = await engine.run({ document, file })
  await engine.idle(id)
  return engine.runDetail({ run: id })
}
const step = (detail: RunDetail, id: string) => detail.steps.find((one) => one.node === id)!
async function outcome(detail: RunDetail) {
  const read = async <T>(id: string, port: string) =>
    (await engine.value({ hash: step(detail, id).outputs[port]!.hash })) as unknown as T
  const { selection } = await read<Evaluation>('select', 'selection')
  const { features } = await read<Model>('linear', 'model')
  const { blocks } = await read<Report>('report', 'report')
  return {
    selection: selection!,
    features: features.map(({ name }) => name),
    form: blocks.find((b) => b.block === 'review')!,
  }
}
const review = (detail: RunDetail, features: Review['features'], at: string) =>
  engine.importReview({
    review: {
      format: 1,
      run: detail.id,
      evaluationHash: step(detail, 'audit').outputs.evaluation!.hash,
      modelHash: step(detail, 'linear').outputs.model!.hash,
      reviewer: 'Ada',
      role: 'Credit expert',
      decision: 'approve-with-conditions',
      comment: '',
      features: [...features],
      at,
    },
  })

test('a discarded feature comes back once a reviewer wants it, and goes when they think again', {
  timeout: 60_000,
}, async () => {
  const first = await run()
  const before = await outcome(first)
  expect(before.features).toHaveLength(2)
  expect(before.form.features.map(({ feature }) => feature)).toEqual(
    before.selection.discarded.map(({ feature }) => feature),
  )
  const wanted = before.selection.discarded.at(-1)!.feature
  const asked = before.selection.discarded[0]!.feature

  await review(first, [{ feature: wanted, opinion: 'fine' }], '2026-11-21T09:00:00Z')
  expect((await run()).steps.every(({ status }) => status === 'cached')).toBe(true)

  const wish = [
    { feature: wanted, opinion: 'keep' },
    { feature: asked, opinion: 'ask' },
  ] as const
  await review(first, wish, '2026-11-21T10:00:00Z')
  const { nodes } = await engine.check({ document, file })
  expect(nodes.select).toMatchObject({ state: 'stale', why: ['reviewers want other features'] })
  expect(nodes.split).toMatchObject({ state: 'cached' })
  const second = await run()
  const after = await outcome(second)
  expect([...after.features].sort()).toEqual([...before.features, wanted].sort())
  expect(after.selection.kept.find(({ feature }) => feature === wanted)?.spared?.by).toEqual(['Ada (Credit expert)'])
  expect(after.selection.discarded.find(({ feature }) => feature === asked)?.asked).toEqual(['Ada (Credit expert)'])
  expect(step(second, 'select').card?.text).toContain('1 by reviewers')
  expect(after.form.features.map(({ feature }) => feature)).not.toContain(wanted)

  await review(
    second,
    [
      { feature: wanted, opinion: 'fine' },
      { feature: asked, opinion: 'fine' },
    ],
    '2026-11-21T11:00:00Z',
  )
  expect((await run()).steps.every(({ status }) => status === 'cached')).toBe(true)
})
