import { copyFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Problem, Table } from '#contract'
import node from './node.ts'

let scratch: Scratch
beforeAll(async () => {
  scratch = await openScratch()
  copyFileSync(path.join(import.meta.dirname, 'people.csv'), path.join(scratch.folder, 'people.csv'))
})
afterAll(() => scratch.close())

test('table and rejected lines; infer says the same columns', async () => {
  const params = { path: 'people.csv', types: [{ column: 'age', type: 'integer' }] }
  const { inferred, outputs, card, blocks } = await runNode(scratch, node as AnyNode, {}, params)
  const table = outputs['table'] as Table
  const rejected = outputs['rejected'] as Table
  expect(inferred).toEqual({ table: { columns: table.columns }, rejected: { columns: rejected.columns }, reading: {} })
  expect(table.columns.map(({ type }) => type)).toEqual(['text', 'integer', 'text', 'date', 'text'])
  expect(table.rows).toBe(4)
  const lines = await scratch.context.tables.rows('SELECT line, reason FROM r ORDER BY __row', { r: rejected })
  expect(lines).toEqual([
    { line: 5, reason: 'age: "forty" is not a whole number' },
    { line: 6, reason: '3 cells where 5 are expected' },
  ])
  expect(card).toEqual({ text: '**4** rows × 5 · CSV · 2 rejected', tone: 'stale' })
  expect(JSON.stringify(blocks)).toContain('"Delimiter","comma"')
  expect(JSON.stringify(blocks)).toContain('Barbara,forty')
})

test('without the override the column is text and only the short line is rejected', async () => {
  const { outputs } = await runNode(scratch, node as AnyNode, {}, { path: 'people.csv' })
  expect((outputs['table'] as Table).columns[1]!.type).toBe('text')
  expect((outputs['rejected'] as Table).rows).toBe(1)
})

test('a file that is missing or not chosen is a problem before the run', async () => {
  const infer = async (params: Record<string, string>) =>
    (await node.infer({ inputs: {}, params: node.params.parse(params), context: scratch.infer })) as Problem[]
  expect((await infer({}))[0]).toMatchObject({ code: 'parameter-bad', path: ['params', 'path'], fix: 'Choose a file' })
  expect((await infer({ path: 'gone.csv' }))[0]).toMatchObject({ code: 'file-unreadable' })
  writeFileSync(path.join(scratch.folder, 'a.json'), '[]')
  expect((await infer({ path: 'a.json' }))[0]).toMatchObject({ code: 'not-supported' })
})

test('the path is the node’s source', () => {
  expect(node.sources!(node.params.parse({ path: 'a.csv' }))).toEqual(['a.csv'])
  expect(node.sources!(node.params.parse({}))).toEqual([])
})
