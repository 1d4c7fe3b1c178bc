import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Column, JsonValue, Problem, Table } from '#contract'
import { columnOf, splitRows, textCells } from '#ml/frame'
import { sampleLoans } from '#ml/sample/loans'
import { samplePrices } from '#ml/sample/prices'
import { partSizes } from './assign-parts.ts'
import { murmurHash } from './murmur-hash.ts'
import node from './node.ts'

let scratch: Scratch
let loans: Table
beforeAll(async () => {
  scratch = await openScratch({ seed: 5 })
  const table = await scratch.context.tables.write(sampleLoans({ rows: 1_003, seed: 1 }).frame)
  const roles: Readonly<Record<string, Column['role']>> = {
    approved: 'target',
    applicant: 'id',
    age_group: 'protected',
  }
  loans = {
    ...table,
    columns: table.columns.map((column) => {
      const role = roles[column.name]
      return role === undefined ? column : { ...column, role }
    }),
  }
})
afterAll(() => scratch.close())

async function split(params: Record<string, JsonValue>, table = loans, where = scratch) {
  const { outputs, inferred, card, blocks } = await runNode(where, node as AnyNode, { table }, params)
  const result = outputs['table'] as Table
  expect(inferred).toEqual({ table: { columns: result.columns, rows: result.rows } })
  const frame = await where.context.tables.read(result)
  const sizes = (['train', 'validation', 'test'] as const).map((part) => splitRows(frame, part).length)
  return { result, frame, sizes, card, blocks }
}

describe('parts', () => {
  test('random: exact sizes, rows in place, the same seed the same rows', async () => {
    const { result, frame, sizes, card } = await split({ method: 'random' })
    expect(sizes).toEqual([602, 200, 201])
    expect(result.columns.at(-1)).toEqual({ name: 'split', type: 'text', nullable: false, role: 'split' })
    expect(columnOf(frame, 'applicant')).toEqual((await scratch.context.tables.read(loans, ['applicant'])).columns[0])
    expect((await split({ method: 'random' })).result).toEqual(result)
    const other = await openScratch({ seed: 6 })
    const moved = await other.context.tables.write(sampleLoans({ rows: 1_003, seed: 1 }).frame)
    expect((await split({ method: 'random' }, moved, other)).result.data).not.toBe(result.data)
    await other.close()
    expect(card!.text).toBe('**60\u00a0%** train · 20\u00a0% validation · 20\u00a0% test')
  })

  test('stratified: each part has the target’s rate to within a row', async () => {
    const { frame, sizes } = await split({ train: 70, validation: 0, test: 30 })
    expect(sizes[0]! + sizes[2]!).toBe(1_003)
    const { codes } = textCells(columnOf(frame, 'approved'))
    const all = codes.filter((code) => code === 1).length
    const rows = splitRows(frame, 'train')
    const inTrain = rows.filter((row) => codes[row] === 1).length
    expect(Math.abs(inTrain - 0.7 * all)).toBeLessThanOrEqual(1)
    expect(Math.abs(rows.length - 0.7 * 1_003)).toBeLessThanOrEqual(1)
  })

  test('stratified by a number: tenths are even', async () => {
    const prices = await scratch.context.tables.write(samplePrices({ rows: 1_000, seed: 1 }))
    const { frame } = await split({ by: 'price', train: 1, validation: 0, test: 1 }, prices)
    const cells = columnOf(frame, 'price').cells
    if (cells.kind !== 'number') throw new Error('numbers')
    const sorted = cells.values.slice().sort()
    const low = Array.from(splitRows(frame, 'train')).filter((row) => cells.values[row]! <= sorted[99]!).length
    expect(low).toBe(50)
  })

  test('hash: a row keeps its part when data are added or shuffled', async () => {
    const { frame } = await split({ method: 'hash' })
    const longer = await scratch.context.tables.write(sampleLoans({ rows: 3_000, seed: 1 }).frame)
    const grown = await split({ method: 'hash', by: 'applicant' }, longer)
    const partOf = (source: typeof frame) => {
      const key = textCells(columnOf(source, 'applicant'))
      const part = textCells(columnOf(source, 'split'))
      return new Map(Array.from(key.codes, (code, row) => [key.levels[code]!, part.levels[part.codes[row]!]!]))
    }
    const after = partOf(grown.frame)
    for (const [key, part] of partOf(frame)) expect(after.get(key)).toBe(part)
    expect(grown.sizes.map((size, part) => Math.abs(size - [1_800, 600, 600][part]!) < 100)).toEqual([true, true, true])
  })

  test('time: the latest rows test, rows of one day stay together', async () => {
    const prices = await scratch.context.tables.write(samplePrices({ rows: 5_000, seed: 1 }))
    const { frame } = await split({ method: 'time', by: 'sold' }, prices)
    const cells = columnOf(frame, 'sold').cells
    if (cells.kind !== 'number') throw new Error('numbers')
    const days = (part: 'train' | 'validation' | 'test') =>
      Array.from(splitRows(frame, part), (row) => cells.values[row]!)
    expect(Math.max(...days('train'))).toBeLessThan(Math.min(...days('validation')))
    expect(Math.max(...days('validation'))).toBeLessThan(Math.min(...days('test')))
  })

  test('grouped: no group in two parts, sizes near the shares', async () => {
    const { frame, sizes } = await split({ method: 'grouped', by: 'postcode' })
    const { codes, levels } = textCells(columnOf(frame, 'postcode'))
    const parts = textCells(columnOf(frame, 'split')).codes
    levels.forEach((_, code) => {
      const seen = new Set(Array.from(parts).filter((__, row) => codes[row] === code))
      expect(seen.size).toBe(1)
    })
    expect(sizes[0]! / 1_003).toBeCloseTo(0.6, 1)
  })

  test.each(['random', 'stratified', 'hash', 'grouped'])('%s folds: numbers from 1 to k, evenly', async (method) => {
    const by = method === 'grouped' ? 'applicant' : ''
    const { result, frame, card } = await split({ method, by, folds: 5 })
    expect(result.columns.at(-1)!.type).toBe('integer')
    const { codes, levels } = textCells(columnOf(frame, 'split'))
    expect(levels).toEqual(['1', '2', '3', '4', '5'])
    const spread = method === 'hash' ? 60 : 2
    for (let fold = 0; fold < 5; fold++)
      expect(Math.abs(codes.filter((code) => code === fold).length - 200.6)).toBeLessThan(spread)
    expect(card!.text).toBe(`**5** folds · ${method}`)
  })
})

describe('existing columns', () => {
  test('a column that already says it only gets its role', async () => {
    const { result: first } = await split({ method: 'random' })
    const plain = {
      ...first,
      columns: first.columns.map((column) =>
        column.role === 'split' ? { name: 'split', type: 'text' as const, nullable: true } : column,
      ),
    }
    const { result } = await split({ method: 'existing', by: 'split' }, plain)
    expect(result.data).toBe(first.data)
    expect(result.columns.at(-1)!.role).toBe('split')
  })
  test('other spellings are rewritten, unknown ones are a problem', async () => {
    const source = await scratch.context.tables.query(
      `SELECT * FROM (VALUES (1, 'Train'), (2, 'dev'), (3, 'TEST')) v(id, part) ORDER BY id`,
      {},
    )
    const { frame, sizes } = await split({ method: 'existing', by: 'part' }, source)
    expect(sizes).toEqual([1, 1, 1])
    expect(textCells(columnOf(frame, 'part')).levels).toEqual(['test', 'train', 'validation'])
    const odd = await scratch.context.tables.query(`SELECT 'elsewhere' AS part ORDER BY part`, {})
    await expect(split({ method: 'existing', by: 'part' }, odd)).rejects.toMatchObject({ code: 'data-bad' })
  })
  test('splitting again replaces the column; one of another name becomes a label', async () => {
    const { result: first } = await split({ method: 'random' })
    const { result: second } = await split({ method: 'stratified' }, first)
    expect(second.columns.filter(({ name }) => name === 'split')).toHaveLength(1)
    const { result: third } = await split({ method: 'random', name: 'fold', folds: 2 }, first)
    expect(third.columns.map(({ name, role }) => [name, role]).slice(-2)).toEqual([
      ['split', 'label'],
      ['fold', 'split'],
    ])
  })
})

test('what can not be split is a problem before the run', async () => {
  const infer = async (params: Record<string, JsonValue>) =>
    (await node.infer({
      inputs: { table: loans },
      params: node.params.parse(params),
      context: scratch.infer,
    })) as Problem[]
  expect((await infer({ method: 'time' }))[0]).toMatchObject({ code: 'role-missing', path: ['params', 'by'] })
  expect((await infer({ method: 'grouped', by: 'nope' }))[0]).toMatchObject({ code: 'column-unknown' })
  expect((await infer({ train: 0, validation: 0, test: 0 }))[0]).toMatchObject({ code: 'parameter-bad' })
  expect((await infer({ folds: 1 }))[0]).toMatchObject({ code: 'parameter-bad', path: ['params', 'folds'] })
  expect((await infer({ name: 'approved' }))[0]).toMatchObject({ code: 'parameter-bad', path: ['params', 'name'] })
  const few = await scratch.context.tables.query('SELECT * FROM t ORDER BY __row LIMIT 2', { t: loans })
  await expect(split({ method: 'random' }, few)).rejects.toMatchObject({ code: 'rows-missing' })
})

test('part sizes add up and differ from the shares by at most one row', () => {
  const shares = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.nat(10_000),
      shares.filter((list) => list.some((share) => share > 1e-6)),
      (rows, list) => {
        const total = list.reduce((sum, share) => sum + share, 0)
        const sizes = partSizes(rows, list)
        expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(rows)
        sizes.forEach((size, part) => {
          expect(Math.abs(size - (list[part]! / total) * rows)).toBeLessThanOrEqual(1 + 1e-6)
        })
      },
    ),
  )
})

// Vectors of the reference implementation (smhasher) as listed in common ports.
test.each([
  ['', 0, 0],
  ['', 1, 0x514e28b7],
  ['', 0xffffffff, 0x81f16f39],
  ['test', 0, 0xba6bd213],
  ['test', 0x9747b28c, 0x704b81dc],
  ['Hello, world!', 0, 0xc0363e43],
  ['Hello, world!', 0x9747b28c, 0x24884cba],
  ['aaaa', 0x9747b28c, 0x5a97808a],
  ['aaa', 0x9747b28c, 0x283e0130],
  ['ππππππππ', 0x9747b28c, 0xd58063c1],
])('MurmurHash3 of %j under %d', (text, seed, hash) => {
  expect(murmurHash(text, seed)).toBe(hash)
})
