import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hash, RegistryRequest, RequiredReviewer, Review } from '#contract'
import { type Database, openDatabase } from './database.ts'
import { listModels } from './read-registry.ts'
import { grantRequest, promoteModel } from './registry.ts'

let folder: string
let db: Database
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-registry-'))
  db = openDatabase(path.join(folder, 'lineage.sqlite'))
  for (const hash of ['m1', 'm2'])
    db.run("INSERT INTO artifacts (hash, kind, bytes, made_at) VALUES (?, 'model', 1, '')", hash)
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

type Registration = Extract<RegistryRequest, { type: 'register' }>
const register = (model: string, given: Partial<Registration> = {}) =>
  db.lastingTransaction(() =>
    grantRequest(
      db,
      {
        type: 'register',
        name: 'loans',
        model: model as Hash,
        description: '',
        stage: 'development',
        tags: [],
        aliases: [],
        reviewers: [],
        metrics: [],
        card: 'card',
        ...given,
      },
      { run: 'r1', outputs: {} },
    ),
  )
/** A review as it stands once it was imported; the run it belongs to is of no matter here. */
function decide(modelHash: string, role: string, decision: Review['decision'], reviewer = 'Ada') {
  const review = {
    format: 1,
    run: 'r1',
    evaluationHash: 'e',
    modelHash,
    reviewer,
    role,
    decision,
    comment: '',
    features: [],
    at: '',
  }
  db.run('PRAGMA foreign_keys = OFF')
  db.run(
    'INSERT INTO reviews (id, run, body, imported_at) VALUES (?, 1, ?, ?)',
    ...[`${role} ${decision}`, JSON.stringify(review), new Date().toISOString()],
  )
}
const versions = () => listModels(db)[0]?.versions.map(({ version, stage }) => [version, stage]) ?? []
const trail = () => listModels(db)[0]!.trail.map(({ text }) => text)

test('each stage asks for its own reviewers, the first one too; who rejects undoes an approval in that role', () => {
  const reviewers: readonly RequiredReviewer[] = [
    { stage: 'development', role: 'Data steward' },
    { stage: 'acceptance', role: 'Credit expert' },
    { stage: 'acceptance', role: 'Model risk' },
    { stage: 'production', role: 'Credit expert' },
  ]
  expect(() => register('m1', { reviewers })).toThrow('can not enter development: Data steward has not approved it.')
  expect(versions()).toEqual([])
  decide('m1', ' data STEWARD ', 'approve')
  expect(() => register('m1', { reviewers, stage: 'acceptance' })).toThrow(
    'Credit expert and Model risk have not approved it.',
  )
  expect(versions()).toEqual([])
  expect(register('m1', { reviewers }).text).toBe('**loans v1** in development')
  decide('m1', 'Credit expert', 'approve-with-conditions')
  const promote = (stage: 'acceptance' | 'production') => promoteModel(db, { name: 'loans', version: 1, stage })
  expect(() => promote('acceptance')).toThrow('Model risk has not approved it.')
  promote('production')
  decide('m1', 'Model risk', 'approve')
  promote('acceptance')
  decide('m1', 'Credit expert', 'reject', 'Bo')
  expect(() => promote('production')).toThrow('Credit expert has not approved it.')
  expect(versions()).toEqual([[1, 'acceptance']])
})

test('the same model is one version; what changes of it stands in the trail, what does not leaves no entry', () => {
  register('m1', { tags: ['first'], aliases: ['champion'] })
  expect(register('m1', { tags: ['first'] }).text).toBe('**loans v1** known, in development')
  expect(trail()).toEqual(['Version 1: alias champion, by run r1', 'Version 1 registered in development by run r1'])
  register('m2', { aliases: ['champion'], description: 'Suggests.', reviewers: [{ stage: 'production', role: 'SME' }] })
  register('m1', { tags: ['older'], description: 'Suggests.' })
  expect(trail().slice(0, 3)).toEqual([
    'Version 1: approval now by nobody; tags, by run r1',
    'Version 2: purpose; approval now by SME before production; alias champion, before of version 1, by run r1',
    'Version 2 registered in development by run r1',
  ])
  expect(listModels(db)[0]!.versions.map(({ version, aliases, tags }) => ({ version, aliases, tags }))).toEqual([
    { version: 2, aliases: ['champion'], tags: [] },
    { version: 1, aliases: [], tags: ['older'] },
  ])
})
