import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openSession, quoteName, quoteText } from './duckdb-session.ts'

let temporary: string
beforeEach(() => {
  temporary = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
})
afterEach(() => rmSync(temporary, { recursive: true, force: true }))

const open = (cancelled = () => false) => openSession({ temporary, threads: 2, bytes: 512 * 1_048_576, cancelled })
const endless = 'SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range * 7 % 11 = b.range % 13'

test('a cancelled query stops soon and the session goes on', async () => {
  let cancelled = false
  const session = await open(() => cancelled)
  setTimeout(() => {
    cancelled = true
  }, 100)
  await expect(session.query(endless, async (result) => result.getRowsJS())).rejects.toMatchObject({
    code: 'cancelled',
  })
  cancelled = false
  expect(await session.query('SELECT 1', async (result) => result.getRowsJS())).toEqual([[1]])
  session.close()
})

test('a wrong query is a problem that says what is wrong', async () => {
  const session = await open()
  const error = await session.query('SELECT nope FROM range(3) t(n)', async () => 0).catch((problem) => problem)
  expect(error).toMatchObject({ code: 'data-bad' })
  expect(error.message).toContain('nope')
  session.close()
})

test('nothing is fetched from anywhere', async () => {
  const session = await open()
  await expect(session.run('INSTALL httpfs')).rejects.toBeDefined()
  await expect(session.run(`SELECT * FROM read_csv('https://example.com/a.csv')`)).rejects.toBeDefined()
  session.close()
})

test('names and texts are quoted', async () => {
  const session = await open()
  const sql = `SELECT ${quoteText("it's")} AS ${quoteName('a "b"')}`
  expect(await session.query(sql, async (result) => [result.columnNames(), await result.getRowsJS()])).toEqual([
    ['a "b"'],
    [["it's"]],
  ])
  session.close()
})
