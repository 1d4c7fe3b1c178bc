import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { appendAudit, auditEntries, brokenAuditEntries } from './audit-chain.ts'
import { type Database, openDatabase } from './database.ts'

let folder: string
let db: Database
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
  db = openDatabase(path.join(folder, 'lineage.sqlite'))
  for (let entry = 1; entry <= 5; entry++)
    db.lastingTransaction(() => appendAudit(db, { kind: 'run-ended', subject: `run ${entry}`, body: { entry } }))
})
afterEach(() => {
  db.close()
  rmSync(folder, { recursive: true, force: true })
})

/** As someone does who edits the file with another program. */
function tamper(sql: string): void {
  db.run('DROP TRIGGER IF EXISTS audit_is_kept')
  db.run('DROP TRIGGER IF EXISTS audit_is_fixed')
  db.run(sql)
}

test('an untouched chain holds', () => {
  expect(brokenAuditEntries(db)).toEqual([])
  expect(auditEntries(db, 'run 2')).toMatchObject([{ number: 2, body: { entry: 2 } }])
})

test('rows can be neither changed nor deleted', () => {
  expect(() => db.run("UPDATE audit SET body = '{}' WHERE number = 2")).toThrow('only grows')
  expect(() => db.run('DELETE FROM audit WHERE number = 2')).toThrow('only grows')
})

test('a change of any column of any row is found at that row', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.constantFrom('at', 'kind', 'subject', 'body', 'hash'),
      (number, column) => {
        db.run('SAVEPOINT before')
        tamper(`UPDATE audit SET ${column} = ${column} || ' ' WHERE number = ${number}`)
        expect(brokenAuditEntries(db)).toContain(number)
        db.run('ROLLBACK TO before')
        db.run('RELEASE before')
      },
    ),
  )
})

test('a missing row is named, and so is the one behind it', () => {
  tamper('DELETE FROM audit WHERE number = 3')
  expect(brokenAuditEntries(db)).toEqual([3, 4])
})
