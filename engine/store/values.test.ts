import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { openContentFiles } from './content-files.ts'
import { hashBytes, isHash } from './hashing.ts'
import { bulkOf, getValue, namedHashes, putValue } from './values.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'plumbline-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a document comes back equal, and its hash does not depend on the order of its keys', async () => {
  const files = openContentFiles(folder)
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue()), async (raw) => {
      const value = JSON.parse(JSON.stringify(raw)) as Record<string, never>
      const turned = Object.fromEntries(Object.entries(value).reverse())
      const { hash, bytes } = await putValue(files, value)
      expect((await putValue(files, turned)).hash).toBe(hash)
      expect(files.size(hash)).toBe(bytes)
      expect(await getValue(files, hash)).toEqual(value)
    }),
    { numRuns: 50 },
  )
})

test('numbers that JSON can not say are refused', async () => {
  await expect(putValue(openContentFiles(folder), { value: Number.NaN })).rejects.toThrow('NaN')
})

test('bulk content is not taken for a document', async () => {
  const files = openContentFiles(folder)
  const hash = await files.put(Buffer.from([0, 1, 2]))
  await expect(getValue(files, hash)).rejects.toMatchObject({ code: 'not-found' })
})

test('hashes named anywhere inside are found, once each', () => {
  const [a, b] = [hashBytes('a'), hashBytes('b')]
  expect(namedHashes({ one: a, list: [{ two: b }, [a], 'text', 3, null] })).toEqual([a, b].sort())
  expect(isHash(a.toUpperCase())).toBe(false)
})

test('the bulk of a table is its data; an evaluation has none', () => {
  const data = hashBytes('data')
  expect(bulkOf({ kind: 'table', rows: 0, columns: [], data })).toEqual([data])
  const evaluation = { kind: 'evaluation', subject: 'slices', table: data, split: 'all', rows: 0, metrics: [] } as const
  expect(bulkOf(evaluation)).toEqual([])
})
