/** The release nodes in a real engine: reviews that open a gate, the registry, and what a rollback leaves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { PipelineDocument, RunDetail } from '#contract'
import { catalogue } from '#nodes'
import { createEngine, type OpenEngine } from '#run/engine'
import { brokenAuditEntries } from '#store/audit-chain'
import { openDatabase } from '#store/database'
import { storeFolder } from '#store/open-store'
import { chooseVersion } from '#store/read-registry'

let folder: string
let engine: OpenEngine
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-release-'))
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  engine = await createEngine({ project: folder, catalogue, catalogueUrl, threads: 1 })
})
afterAll(async () => {
  await engine.close()
  rmSync(folder, { recursive: true, force: true })
})

const reviewers = [{ stage: 'production', role: 'Credit expert' }]

function pipeline(
  penalty: number,
  more: { review?: boolean; reviewers?: typeof reviewers; fallback?: string } = {},
): PipelineDocument {
  const wires = [
    'loans.table split.table',
    'split.table linear.table',
    'linear.model audit.model',
    'split.table audit.table',
    'linear.model register.model',
    'audit.evaluation register.evaluation',
    'register.model deploy.model',
    ...(more.review ? ['audit.evaluation review.evaluation', 'review.release register.release'] : []),
  ]
  const node = (type: string, params = {}) => ({ type, version: 1, params })
  return {
    format: 1,
    name: 'Release',
    description: '',
    seed: 1,
    nodes: {
      loans: node('data/example', { rows: 400 }),
      split: node('data/split'),
      linear: node('train/linear', { folds: 0, penalty }),
      audit: node('fairness/audit'),
      ...(more.review ? { review: node('release/review', { roles: ['Credit expert'] }) } : {}),
      register: node('release/register', { name: 'loans', reviewers: more.reviewers ?? [], aliases: ['newest'] }),
      deploy: node('release/deploy', { rule: more.fallback ?? '' }),
    } as PipelineDocument['nodes'],
    edges: wires.map((wire) => ({ from: wire.split(' ')[0]!, to: wire.split(' ')[1]! })),
    inputs: {},
    layout: {},
    frames: [],
    notes: [],
  }
}

async function run(document: PipelineDocument): Promise<RunDetail> {
  const { id } = await engine.run({ document })
  await engine.idle(id)
  return engine.runDetail({ run: id })
}
const statuses = (detail: RunDetail) => Object.fromEntries(detail.steps.map(({ node, status }) => [node, status]))
const step = (detail: RunDetail, node: string) => detail.steps.find((one) => one.node === node)!
const loans = async () => (await engine.models()).find(({ name }) => name === 'loans')!

test('a review is waited for, opens the way once, and stands in the registry', { timeout: 60_000 }, async () => {
  const document = pipeline(1, { review: true, reviewers })
  const first = await run(document)
  expect(first.status).toBe('waiting')
  expect(statuses(first)).toMatchObject({ review: 'done', register: 'skipped', deploy: 'skipped' })
  expect(statuses(await run(document))).toMatchObject({ audit: 'cached', review: 'cached' })

  await engine.importReview({
    review: {
      format: 1,
      run: first.id,
      evaluationHash: step(first, 'audit').outputs.evaluation!.hash,
      modelHash: step(first, 'linear').outputs.model!.hash,
      reviewer: 'Ada',
      role: 'Credit expert',
      decision: 'approve',
      comment: '',
      features: [],
      at: '2026-11-21T09:00:00Z',
    },
  })
  const second = await run(document)
  expect(second.status).toBe('done')
  expect(statuses(second)).toMatchObject({ audit: 'cached', review: 'done', register: 'done', deploy: 'done' })
  expect(step(second, 'register').card?.text).toBe('**loans v1** in development')
  expect(step(second, 'deploy').card?.text).toBe('**loans v1** in production')
  expect(statuses(await run(document))).toMatchObject({ review: 'cached', register: 'done' })
  const { versions } = await loans()
  expect(versions).toMatchObject([
    { version: 1, stage: 'production', aliases: ['newest'], reviews: [{ reviewer: 'Ada', decision: 'approve' }] },
  ])
  expect(await engine.value({ hash: versions[0]!.card! })).toMatchObject({ kind: 'report', title: 'Model card: loans' })
})

test('a model nobody approved does not enter production, and the step leaves nothing', {
  timeout: 60_000,
}, async () => {
  const detail = await run(pipeline(2, { reviewers }))
  expect(statuses(detail)).toMatchObject({ register: 'done', deploy: 'failed' })
  expect(step(detail, 'deploy').problems[0]!.message).toBe(
    'Version 2 of loans can not enter production: Credit expert has not approved it.',
  )
  expect((await loans()).versions.map(({ version, stage }) => [version, stage])).toEqual([
    [2, 'development'],
    [1, 'production'],
  ])
})

test('rollback goes back step by step; a run does not undo it, a person does', { timeout: 60_000 }, async () => {
  await run(pipeline(2, { fallback: 'debt_ratio <= 0.3' }))
  await run(pipeline(3))
  const stages = async () => (await loans()).versions.map(({ stage }) => stage)
  expect(await stages()).toEqual(['production', 'retired', 'retired'])
  expect((await loans()).versions[1]!.fallback).toEqual({ rule: 'debt_ratio <= 0.3', holds: 'yes', otherwise: 'no' })
  expect((await loans()).rollbackTo).toBe(2)
  expect(await engine.rollbackModel({ name: 'loans' })).toEqual({ from: 3, to: 2 })
  expect(await engine.rollbackModel({ name: 'loans' })).toEqual({ from: 2, to: 1 })
  await expect(engine.rollbackModel({ name: 'loans' })).rejects.toMatchObject({ code: 'not-found' })
  const again = await run(pipeline(3))
  expect(step(again, 'deploy').problems[0]!.message).toContain('taken out of production')
  expect(await stages()).toEqual(['retired', 'retired', 'production'])
  await engine.promoteModel({ name: 'loans', version: 3, stage: 'production' })
  expect(await stages()).toEqual(['production', 'retired', 'retired'])
  const { trail } = await loans()
  expect(trail.slice(0, 3).map(({ text }) => text)).toEqual([
    'Version 3 moved to production',
    'Rolled back from version 2 to 1',
    'Rolled back from version 3 to 2',
  ])
  // who has to approve, and what names point at, change the registry too
  const changes = trail.map(({ text }) => text.replace(/, by run .*/, '')).filter((text) => text.includes(': '))
  expect(changes).toEqual([
    'Version 3: alias newest, before of version 2',
    'Version 2: approval now by nobody; model card',
    'Version 2: alias newest, before of version 1',
    'Version 1: alias newest',
  ])
  const db = openDatabase(path.join(storeFolder(folder), 'lineage.sqlite'))
  // an alias of older registries that is called like a stage does not stand before it
  db.run("INSERT INTO model_aliases (name, alias, version) VALUES ('loans', 'production', 1)")
  expect(['production', 'newest', '2', 'latest'].map((name) => chooseVersion(db, 'loans', name).version)).toEqual([
    3, 3, 2, 3,
  ])
  expect(brokenAuditEntries(db)).toEqual([])
  db.close()
})
