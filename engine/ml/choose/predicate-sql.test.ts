import { expect, test } from 'vitest'
import type { Column } from '#contract'
import { barConditions, missingSql, predicateSql } from './predicate-sql.ts'

const column = (name: string, type: Column['type']): Column => ({ name, type, nullable: true })

test('names and texts are quoted, whatever stands in them', () => {
  const strange = column('a"; DROP TABLE x; --', 'text')
  expect(predicateSql([{ column: strange.name, values: ["o'clock', 'b"] }], [strange])).toContain(
    `"a""; DROP TABLE x; --" IN ('o''clock'', ''b')`,
  )
})

test('no condition holds for all rows, an unknown column for none', () => {
  expect(predicateSql([], [])).toBe('true')
  expect(predicateSql([{ column: 'gone', missing: true }], [])).toBe('false')
})

test('values of another kind than the column are none of its cells', () => {
  const text = predicateSql([{ column: 'a', values: [1, true] }], [column('a', 'text')])
  expect(text).toContain('(false)')
  const number = predicateSql([{ column: 'a', values: ['1); DELETE'] }], [column('a', 'number')])
  expect(number).not.toContain('DELETE')
})

test('missing is an empty text too, and a number that is not finite', () => {
  expect(missingSql(column('a', 'text'))).toBe(`coalesce("a" = '', true)`)
  expect(missingSql(column('a', 'number'))).toContain('isfinite')
  expect(missingSql(column('a', 'date'))).toBe('"a" IS NULL')
})

test('a condition a bar: bins leave their upper edge to the next, the last holds it', () => {
  const bins = barConditions({ column: 'a', edges: [0, 1, 2] }, column('a', 'number'))
  expect(bins).toHaveLength(2)
  expect(bins[0]).toMatch(/< CAST\('1'/)
  expect(bins[1]).toMatch(/<= CAST\('2'/)
  expect(barConditions({ column: 'a', values: ['x', 'y'] }, column('a', 'text'))).toHaveLength(2)
  expect(barConditions({ column: 'a' }, column('a', 'text'))).toEqual([])
})
