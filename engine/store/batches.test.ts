import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Hash } from '#contract'
import { auditEntries } from './audit-chain.ts'
import { beginBatch, endBatch, listBatches, type NewBatch } from './batches.ts'
import { type Database, openDatabase } from './database.ts'

const hash = (letter: string) => letter.repeat(64) as Hash
const batch: NewBatch = {
  key: hash('k'),
  name: 'loans',
  selector: 'production',
  version: 1,
  model: hash('a'),
  inputs: [{ path: 'new.csv', hash: hash('b'), bytes: 10 }],
  out: 'scored.csv',
}

let folder: string
let db: Database
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
  db = openDatabase(path.join(folder, 'lineage.sqlite'))
  db.run("INSERT INTO artifacts (hash, kind, bytes, made_at) VALUES (?, 'model', 1, '2026-11-24')", hash('a'))
  db.run(
    "INSERT INTO registered_models (name, description, reviewers, created_at) VALUES ('loans', '', '[]', '2026-11-24')",
  )
  db.run(
    `INSERT INTO model_versions (name, version, model, stage, tags, metrics, run, registered_at)
     VALUES ('loans', 1, ?, 'production', '[]', '[]', 'r', '2026-11-24')`,
    hash('a'),
  )
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('a batch that is done stands in the audit chain with what went in and came out', () => {
  const id = beginBatch(db, { ...batch, job: 'nightly' })
  expect(listBatches(db)).toMatchObject([{ id, status: 'running', job: 'nightly' }])
  endBatch(db, id, { status: 'done', rows: 9, rejected: 1, outputHash: hash('c') })
  expect(listBatches(db)).toMatchObject([{ status: 'done', rows: 9, rejected: 1, outputHash: hash('c') }])
  expect(auditEntries(db, 'loans')).toMatchObject([
    { kind: 'model-scored', body: { batch: id, model: hash('a'), inputs: [hash('b')], output: hash('c') } },
  ])
})

test('what another process is working on is refused; what a lost one began is interrupted', () => {
  const first = beginBatch(db, batch)
  const other = (pid: number) => db.run('UPDATE batches SET pid = ? WHERE id = ?', pid, first)
  other(process.ppid)
  expect(() => beginBatch(db, batch)).toThrow('under way already')
  other(2 ** 30)
  expect(listBatches(db)).toMatchObject([{ id: first, status: 'interrupted' }])
  const second = beginBatch(db, batch)
  endBatch(db, second, { status: 'failed', problem: 'The disk is full.' })
  expect(listBatches(db)).toMatchObject([
    { id: second, status: 'failed', problem: 'The disk is full.' },
    { id: first, status: 'interrupted' },
  ])
})
