import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { expect, test } from 'vitest'
import { catalogue } from '#nodes'
import { fixtureTable } from './fixture-tables.ts'
import { compareWithGolden, goldenDifferences, goldenSummary } from './golden.ts'
import { createWorkshop } from './node-bench.ts'

test('numbers may differ in their last digits, nothing else may differ', () => {
  expect(goldenDifferences({ a: [1, { b: 2 }] }, { a: [1 + 1e-12, { b: 2 }] })).toEqual([])
  expect(goldenDifferences({ a: 1e12 }, { a: 1e12 + 100 })).toEqual([])
  expect(goldenDifferences({ a: [1, { b: 2 }] }, { a: [1, { b: 2.000_001 }] })).toEqual(['a.1.b: 2.000001, golden 2'])
  expect(goldenDifferences({ a: 'x', c: null }, { a: 'y', b: 1, c: null })).toEqual([
    'a: "y", golden "x"',
    'b: 1, golden undefined',
  ])
})

test('a table’s summary knows each cell and forgets hashes', async () => {
  const workshop = createWorkshop(catalogue)
  const bench = workshop.bench('.')
  const frame = fixtureTable('tiny')
  const summary = async (given = frame) => goldenSummary(bench, { table: await bench.write(given) })
  const before = await summary()
  expect(JSON.stringify(before)).not.toMatch(/[0-9a-f]{64}/)
  expect(goldenDifferences(before, await summary())).toEqual([])
  const changed = {
    ...frame,
    columns: frame.columns.map((column) =>
      column.cells.kind === 'number'
        ? { ...column, cells: { ...column.cells, values: column.cells.values.with(5, 77) } }
        : column,
    ),
  }
  const differing = goldenDifferences(before, await summary(changed))
  expect(differing.map((place) => place.split('.')[2])).toEqual(
    expect.arrayContaining(['income', 'years', 'owner', 'weight', 'opened']),
  )
  await workshop.close()
})

test('a missing golden file and one that differs are said', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'plumbline-golden-'))
  const file = path.join(folder, 'golden.json')
  const update = process.env.PLUMBLINE_UPDATE_GOLDEN
  delete process.env.PLUMBLINE_UPDATE_GOLDEN
  expect(compareWithGolden(file, { a: 1 })).toEqual([
    'there is no golden.json: write it with PLUMBLINE_UPDATE_GOLDEN=1',
  ])
  writeFileSync(file, '{"a":2}')
  expect(compareWithGolden(file, { a: 1 })).toEqual(['a: 1, golden 2'])
  if (update !== undefined) process.env.PLUMBLINE_UPDATE_GOLDEN = update
  rmSync(folder, { recursive: true, force: true })
})
