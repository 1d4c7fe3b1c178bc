import { expect, test } from 'vitest'
import type { Column } from '#contract'
import { barSql, missingSql, predicateSql } from './predicate-sql.ts'

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

test('bars: bins of one width by a division, others edge by edge; values of another kind make none', () => {
  const even = barSql({ column: 'a', edges: [0, 1, 2] }, column('a', 'number'))
  expect(even.bar).toContain("floor((v - CAST('0' AS DOUBLE)) / CAST('1' AS DOUBLE))")
  const { bar } = barSql({ column: 'a', edges: [0, 1, 4] }, column('a', 'number'))
  expect(bar).toMatch(/THEN NULL WHEN v < CAST\('1' AS DOUBLE\) THEN 0 ELSE 1/)
  const text = barSql({ column: 'a"b', values: ["o'clock", 1] }, column('a"b', 'text'))
  expect(text.cell).toBe('"a""b"')
  expect(text.bar).toContain(`WHEN v = 'o''clock' THEN 0`)
  expect(text.bar).not.toContain('THEN 1')
  expect(barSql({ column: 'a' }, column('a', 'text')).bar).toMatch(/^CASE WHEN .* THEN -1 +END$/)
})
