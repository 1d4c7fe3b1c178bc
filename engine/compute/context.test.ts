import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openScratch } from './scratch.ts'

const numbers = (...values: number[]) => ({
  rows: values.length,
  columns: [
    {
      name: 'x',
      type: 'number' as const,
      nullable: true,
      cells: { kind: 'number' as const, values: Float64Array.from(values) },
    },
  ],
})

test('progress never falls and never passes 1; log lines carry their level', async () => {
  const scratch = await openScratch()
  for (const fraction of [0.2, 0.1, 0.5, 7]) scratch.context.progress(fraction)
  scratch.context.log('a line', 'warning')
  expect(scratch.progress).toEqual([0.2, 0.2, 0.5, 1])
  expect(scratch.messages).toEqual(['a line'])
  await scratch.close()
})

test('a cancelled context refuses progress, reads, writes and queries', async () => {
  const scratch = await openScratch()
  const table = await scratch.context.tables.write(numbers(1, 2))
  scratch.cancel()
  const { context } = scratch
  expect(context.signal.aborted).toBe(true)
  expect(() => context.progress(0.5)).toThrow('cancelled')
  for (const work of [
    () => context.tables.read(table),
    () => context.tables.write(numbers(3)),
    () => context.tables.rows('SELECT 1 AS one', {}),
    () => context.tables.query('SELECT * FROM t ORDER BY __row', { t: table }),
  ])
    await expect(work()).rejects.toMatchObject({ code: 'cancelled' })
  await scratch.close()
})

test('a failed write or query leaves no file behind', async () => {
  const scratch = await openScratch()
  const broken = { rows: 1, columns: [{ ...numbers(0.5).columns[0]!, type: 'integer' as const }] }
  await expect(scratch.context.tables.write(broken)).rejects.toMatchObject({
    code: 'data-bad',
    problems: [{ columns: ['x'] }],
  })
  await expect(scratch.context.tables.query('SELECT nope', {})).rejects.toMatchObject({ code: 'data-bad' })
  expect(readdirSync(path.join(scratch.folder, 'temporary'))).toEqual([])
  await scratch.close()
})

test('sums of floats are the same whatever the thread count', async () => {
  const values = Array.from({ length: 100_000 }, (_, row) => Math.sin(row) * 10 ** (row % 9))
  const sums: unknown[] = []
  for (const threads of [1, 2, 4]) {
    const scratch = await openScratch({ threads })
    const table = await scratch.context.tables.write(numbers(...values))
    const query = 'SELECT sum(x) AS total, avg(x) AS mean FROM t'
    sums.push(await scratch.context.tables.rows(query, { t: table }))
    await scratch.close()
  }
  expect(sums[1]).toEqual(sums[0])
  expect(sums[2]).toEqual(sums[0])
})

test('a query reaches its tables and no other file, for reading or writing', async () => {
  const scratch = await openScratch()
  const { context, infer, folder } = scratch
  const mine = await context.tables.write(numbers(1, 2))
  const other = await context.tables.write(numbers(3))
  const secret = path.join(folder, 'secret.txt')
  writeFileSync(secret, 'of somebody')
  const copy = path.join(folder, 'copy.csv')
  for (const sql of [
    `SELECT content FROM read_text('${secret}')`,
    `SELECT content FROM read_text('file://${secret}')`,
    `SELECT * FROM read_parquet('${scratch.blobs.path(other.data)}')`,
    `SELECT file FROM glob('${folder}/*')`,
    `COPY t TO '${copy}'`,
    `SELECT 1; COPY t TO '${copy}'`,
    `ATTACH '${folder}/some.db'`,
    `SET enable_external_access = true; SELECT content FROM read_text('${secret}')`,
  ]) {
    await expect(context.tables.rows(sql, { t: mine }), sql).rejects.toMatchObject({ code: 'data-bad' })
    await expect(infer.describe(sql, { t: mine.columns }), sql).rejects.toMatchObject({ code: 'data-bad' })
  }
  expect(existsSync(copy)).toBe(false)
  const both = 'SELECT CAST(count(*) AS DOUBLE) AS n FROM t, u'
  expect(await context.tables.rows(both, { t: mine, u: other })).toEqual([{ n: 2 }])
  await scratch.close()
})

test('a query that needs more than its memory may spill', async () => {
  const scratch = await openScratch({ bytes: 80 * 1_048_576 })
  const { context } = scratch
  const wide = 'SELECT hash(range) AS key, repeat(hash(range + 1)::VARCHAR, 8) AS text FROM range(1000000) ORDER BY key'
  const [row] = await context.tables.rows(`SELECT min(text[1:3]) AS least FROM (${wide})`, {})
  expect(row).toEqual({ least: expect.any(String) })
  await scratch.close()
})
