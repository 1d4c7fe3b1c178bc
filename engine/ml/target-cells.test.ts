import { expect, test } from 'vitest'
import { type Column, ProblemError } from '#contract'
import { columnFrom } from './frame-of.ts'
import { featuresFor, isProblem, protectedNames, targetColumn } from './roles.ts'
import { classTarget, knownClasses, numberTarget, positiveClass, rowWeights } from './target-cells.ts'

const all = (rows: number) => Uint32Array.from({ length: rows }, (_, row) => row)
const columns: Column[] = [
  { name: 'a', type: 'number', nullable: false },
  { name: 'b', type: 'text', nullable: false, role: 'feature' },
  { name: 'picture', type: 'image', nullable: false },
  { name: 'sex', type: 'text', nullable: false, role: 'protected' },
  { name: 'y', type: 'text', nullable: false, role: 'target' },
]

test('the target is the one named, else the one of its role, else a problem', () => {
  expect(targetColumn(columns, '')).toMatchObject({ name: 'y' })
  expect(targetColumn(columns, 'a')).toMatchObject({ name: 'a' })
  expect(targetColumn(columns, 'z')).toMatchObject({ code: 'column-unknown' })
  expect(targetColumn(columns.slice(0, 2), '')).toMatchObject({ code: 'role-missing' })
  expect(isProblem(columns[0]!)).toBe(false)
})

test('features are never protected, the target or an image', () => {
  expect(featuresFor(columns, columns[4]!).map(({ name }) => name)).toEqual(['a', 'b'])
  expect(featuresFor(columns, columns[0]!).map(({ name }) => name)).toEqual(['b'])
  expect(protectedNames(columns)).toEqual(['sex'])
})

test('classes are those of the rows, sorted, numbers as numbers; missing targets are left out', () => {
  const text = columnFrom('y', 'text', ['b', null, 'a', 'c', 'b'])
  const target = classTarget(text, Uint32Array.of(0, 1, 2, 4))
  expect(target.classes).toEqual(['a', 'b'])
  expect([[...target.rows], [...target.codes]]).toEqual([
    [0, 2, 4],
    [1, 0, 1],
  ])
  expect(classTarget(columnFrom('y', 'integer', [10, 9, 2]), all(3)).classes).toEqual(['2', '9', '10'])
  expect(knownClasses(text, all(5), ['a', 'b'])).toMatchObject({ left: 2, codes: Int32Array.of(1, 0, 1) })
})

test('numbers and weights that can not be used are named with their rows', () => {
  expect([...numberTarget(columnFrom('y', 'number', [1, null, 3]), all(3)).values]).toEqual([1, 3])
  expect(() => numberTarget(columnFrom('y', 'text', ['1']), all(1))).toThrow(ProblemError)
  expect(rowWeights(undefined, all(2))).toBeUndefined()
  expect([...rowWeights(columnFrom('w', 'number', [1, 0, 2]), Uint32Array.of(0, 2))!]).toEqual([1, 2])
  const bad = columnFrom('w', 'number', [1, -1, null])
  expect(() => rowWeights(bad, all(3))).toThrow(expect.objectContaining({ code: 'data-bad' }))
  expect(rowWeights(bad, Uint32Array.of(0))).toEqual(Float64Array.of(1))
})

test('yes is the positive class, else the last', () => {
  expect(positiveClass(['no', 'Yes'], '')).toBe('Yes')
  expect(positiveClass(['0', '1'], '')).toBe('1')
  expect(positiveClass(['<=50K', '>50K'], '')).toBe('>50K')
  expect(positiveClass(['bad', 'good'], 'bad')).toBe('bad')
  expect(() => positiveClass(['bad', 'good'], 'fine')).toThrow(expect.objectContaining({ code: 'parameter-bad' }))
})
