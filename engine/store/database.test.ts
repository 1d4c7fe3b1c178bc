import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Database, openDatabase } from './database.ts'
import { allMigrations } from './migrations/all-migrations.ts'

let folder: string
let file: string
const opened: Database[] = []
const open = () => {
  const db = openDatabase(file)
  opened.push(db)
  return db
}
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
  file = path.join(folder, 'deep', 'lineage.sqlite')
})
afterEach(() => {
  for (const db of opened.splice(0)) db.close()
  rmSync(folder, { recursive: true, force: true })
})

test('every migration file is listed under its number, without gaps', () => {
  const files = readdirSync(path.join(import.meta.dirname, 'migrations')).filter((name) => /^\d/.test(name))
  const listed = allMigrations.map(({ number, name }) => `${String(number).padStart(4, '0')}-${name}.ts`)
  expect(files.sort()).toEqual(listed)
  expect(allMigrations.map(({ number }) => number)).toEqual(allMigrations.map((_, index) => index + 1))
})

test('a new database has run every migration; opening it again runs none', () => {
  open()
  open()
  const raw = new Sqlite(file)
  expect(raw.pragma('user_version', { simple: true })).toBe(allMigrations.length)
  expect(raw.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(raw.pragma('integrity_check', { simple: true })).toBe('ok')
  raw.close()
})

test('a database of an older version is brought up to date with its rows kept', () => {
  const old = Sqlite(path.join(folder, 'old.sqlite'))
  file = old.name
  old.exec(allMigrations[0]!.sql)
  old.exec("INSERT INTO pipelines (name) VALUES ('kept')")
  old.pragma('user_version = 1')
  old.close()
  const db = open()
  expect(db.get('SELECT name FROM pipelines')).toEqual({ name: 'kept' })
  expect(db.all('SELECT * FROM audit')).toEqual([])
})

test('a database of a newer version is refused', () => {
  open().close()
  const raw = new Sqlite(file)
  raw.pragma('user_version = 1000')
  raw.close()
  expect(() => open()).toThrow('newer Plumbline')
})

test('rows that point nowhere are refused', () => {
  const db = open()
  expect(() => db.run("INSERT INTO cache_outputs (key, port, artifact) VALUES ('k', 'p', 'a')")).toThrow('FOREIGN KEY')
})

test('a transaction that fails leaves nothing, also when it is nested', () => {
  const db = open()
  const insert = (name: string) => db.run('INSERT INTO pipelines (name) VALUES (?)', name)
  expect(() =>
    db.transaction(() => {
      insert('outer')
      db.transaction(() => insert('inner'))
      throw new Error('stop')
    }),
  ).toThrow('stop')
  expect(db.all('SELECT * FROM pipelines')).toEqual([])
})

test('two connections see what the other has committed', () => {
  const [a, b] = [open(), open()]
  a.transaction(() => a.run("INSERT INTO pipelines (name) VALUES ('from a')"))
  b.lastingTransaction(() => b.run("INSERT INTO pipelines (name) VALUES ('from b')"))
  expect(a.all('SELECT name FROM pipelines ORDER BY name').map((row) => row.name)).toEqual(['from a', 'from b'])
})
