import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Table } from '#contract'
import node from './node.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch({ seed: 7 })
})
afterAll(() => scratch.close())

test.each(['loans', 'prices', 'churn', 'images', 'texts'])('%s: what was inferred is what came', async (set) => {
  const { inferred, outputs, card } = await runNode(scratch, node as AnyNode, {}, { set, rows: 300 })
  const table = outputs['table'] as Table
  expect(inferred).toEqual({ table: { columns: table.columns, rows: 300 } })
  expect(table.columns.filter((column) => column.role === 'target')).toHaveLength(1)
  expect(card?.text).toBe(`**300** rows × ${table.columns.length} · ${set}`)
})

test('the same seed gives the same bytes, another seed others', async () => {
  const again = await openScratch({ seed: 7, threads: 2 })
  const other = await openScratch({ seed: 8 })
  const [first, second, third] = await Promise.all(
    [scratch, again, other].map(
      async (each) => (await runNode(each, node as AnyNode, {}, { rows: 50 })).outputs['table'],
    ),
  )
  expect(second).toEqual(first)
  expect((third as Table).data).not.toBe((first as Table).data)
  await again.close()
  await other.close()
})

test('columns that say they are never missing hold no missing cell', async () => {
  const { outputs } = await runNode(scratch, node as AnyNode, {}, { rows: 2_000 })
  const frame = await scratch.context.tables.read(outputs['table'] as Table)
  for (const { cells, nullable } of frame.columns) {
    const missing = cells.kind === 'text' ? cells.codes.includes(-1) : cells.values.some(Number.isNaN)
    expect(missing).toBe(nullable)
  }
})

test('a cancelled run stops', async () => {
  const stopped = await openScratch()
  stopped.cancel()
  await expect(runNode(stopped, node as AnyNode, {}, { rows: 10 })).rejects.toMatchObject({ code: 'cancelled' })
  await stopped.close()
})
