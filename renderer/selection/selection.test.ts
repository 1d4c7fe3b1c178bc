import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Chart, ChartRows, Column, ColumnCondition, ColumnSummary, Hash } from '#contract'
import { listedValues } from '#ml/choose/row-conditions'
import { chartPlaces } from '#report/chart-places'
import { type BarCondition, barsOf, binRange, clicked, either, isWithin } from './bars-of.ts'
import { chartBrushes } from './chart-brush.ts'
import { pickedCondition } from './pick-cells.ts'
import { predicateWords } from './predicate-words.ts'
import { appliesTo, conditionOn, createRowSelectionStore } from './row-selection.ts'
import { conditionParameter, formConditions } from './slice-conditions.ts'

const column = (name: string, type: Column['type'], role?: Column['role']): Column => ({
  name,
  type,
  nullable: true,
  ...(role && { role }),
})
const age = column('age', 'integer')
const purpose = column('purpose', 'text')
const table = 'a'.repeat(64) as Hash

test('bars over a column: bins, values, yes and no, and the missing cells last', () => {
  const summary: ColumnSummary = {
    name: 'age',
    missing: 3,
    distinct: 9,
    edges: [20, 30.5, 41],
    bars: [
      { label: '20 – 30.5', count: 5 },
      { label: '30.5 – 41', count: 4 },
    ],
  }
  expect(barsOf(age, summary, 12).map(({ condition }) => condition)).toEqual([
    { range: { from: 20, to: 30 } },
    { range: { from: 31, to: 41 } },
    { missing: true },
  ])
  expect(barsOf(age, { ...summary, sampled: 6 }, 12).map(({ count }) => count)).toEqual([10, 8, 3])
  const flags = {
    name: 'f',
    missing: 0,
    distinct: 2,
    bars: [
      { label: 'true', count: 1 },
      { label: 'false', count: 0 },
    ],
  }
  expect(barsOf(column('f', 'boolean'), flags, 1)).toMatchObject([
    { label: 'yes', condition: { values: [true] } },
    { label: 'no', condition: { values: [false] } },
  ])
  expect(barsOf(column('p', 'image'), flags, 1)).toEqual([])
  expect(barsOf(column('x', 'number'), { ...flags, missing: 1 }, 1)).toMatchObject([{ condition: { missing: true } }])
})

test('a bin of whole numbers holds the same ones in whole ends', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -1e6, max: 1e6, noNaN: true }),
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.integer(),
      fc.boolean(),
      (from, width, value, isLast) => {
        const to = from + width
        const range = binRange('integer', from, to, isLast)
        const inBin = value >= from && (isLast ? value <= to : value < to)
        expect(value >= range.from && value <= range.to).toBe(inBin)
      },
    ),
  )
  expect(binRange('number', 0.5, 1.5, false)).toEqual({ from: 0.5, to: 1.5, below: true })
})

test('a click chooses a bar, again lets it go; Shift adds and takes away; ranges grow together', () => {
  const [car, home]: BarCondition[] = [{ values: ['car'] }, { values: ['home'] }]
  expect(clicked(undefined, car!, false)).toEqual(car)
  expect(clicked(car, car!, false)).toBeUndefined()
  expect(clicked(car, home!, true)).toEqual({ values: ['car', 'home'] })
  expect(clicked({ values: ['car', 'home'] }, home!, true)).toEqual(car)
  expect(clicked(car, { missing: true }, true)).toEqual({ values: ['car'], missing: true })
  expect(clicked({ values: ['car'], missing: true }, { missing: true }, true)).toEqual(car)
  const low = { range: { from: 0, to: 1, below: true as const } }
  const high = { range: { from: 2, to: 3 } }
  expect(clicked(low, high, true)).toEqual({ range: { from: 0, to: 3 } })
  expect(either(low, { range: { from: 0.5, to: 1 } })).toEqual({ range: { from: 0, to: 1 } })
  expect(isWithin(low, { range: { from: 0, to: 1 } })).toBe(true)
  expect(isWithin({ range: { from: 0, to: 1 } }, low)).toBe(false)
})

test('one selection: conditions of columns join, clearing the last clears it, tables without its columns are left alone', () => {
  const store = createRowSelectionStore()
  store.choose(table, age, { range: { from: 20, to: 30 } })
  store.choose(table, purpose, { values: ['car'] })
  store.showOnly(true)
  const { selection } = store.getState()
  expect(selection).toMatchObject({ table, columns: [age, purpose] })
  expect(conditionOn(selection?.where, 'purpose')).toMatchObject({ values: ['car'] })
  expect(appliesTo(selection, [purpose, { ...age, type: 'number' }])).toBe(true)
  expect(appliesTo(selection, [purpose, { ...age, type: 'text' }])).toBe(false)
  expect(appliesTo(selection, [purpose])).toBe(false)
  expect(appliesTo(null, [purpose])).toBe(false)
  store.choose(table, age, undefined)
  expect(store.getState().selection?.columns).toEqual([purpose])
  store.choose(table, purpose, undefined)
  expect(store.getState()).toEqual({ selection: null, only: false })
  store.chooseAll(table, [age, purpose], [{ column: 'age', missing: true }])
  expect(store.getState().selection?.columns).toEqual([age])
  store.clear()
  expect(store.getState().selection).toBeNull()
})

test('sentences', () => {
  const day = column('day', 'date')
  const words = (...where: ColumnCondition[]) => predicateWords(where, [age, purpose, day, column('f', 'boolean')])
  expect(words({ column: 'age', range: { from: 20, to: 30 } }, { column: 'purpose', values: ['car'] })).toBe(
    'age 20 to 30 and purpose = car',
  )
  expect(words({ column: 'debt', range: { from: 0.5, to: 1.25, below: true }, missing: true })).toBe(
    'debt 0.5 to under 1.25 or missing',
  )
  expect(words({ column: 'purpose', values: ['a', 'b', 'c', 'd', 'e'] })).toBe('purpose = a, b, c or 2 others')
  expect(words({ column: 'day', range: { from: 0, to: 86_400_000 } })).toBe('day 1970-01-01 to 1970-01-02')
  expect(words({ column: 'age', range: { from: 30, to: 30 } })).toBe('age = 30')
  expect(words({ column: 'f', values: [true] }, { column: 'age', missing: true })).toBe('f = yes and age missing')
})

test('cells that were picked: values, or the span of several numbers', () => {
  const rows = [
    [20, 'car'],
    [35, null],
    [null, 'car'],
  ] as const
  expect(pickedCondition(age, 0, rows)).toEqual({ range: { from: 20, to: 35 }, missing: true })
  expect(pickedCondition(purpose, 1, rows)).toEqual({ values: ['car'], missing: true })
  expect(pickedCondition(age, 0, [[20]])).toEqual({ values: [20] })
  expect(pickedCondition(column('p', 'image'), 0, [['x']])).toBeUndefined()
})

test('rows of a form say what a predicate says, or nothing', () => {
  const day = column('day', 'date')
  const rows = formConditions(
    [
      { column: 'age', range: { from: 20, to: 30.5, below: true }, missing: true },
      { column: 'day', values: [86_400_000] },
      { column: 'purpose', values: ['car', 'a, b'] },
    ],
    [age, day, purpose],
    true,
  )
  expect(rows).toEqual([
    { column: 'age', operator: '>=', value: '20', orMissing: true },
    { column: 'age', operator: '<', value: '30.5', orMissing: true },
    { column: 'day', operator: '=', value: '1970-01-02' },
    { column: 'purpose', operator: 'one of', value: 'car, "a, b"' },
  ])
  expect(formConditions([{ column: 'age', missing: true }], [age], false)).toEqual([
    { column: 'age', operator: 'is missing' },
  ])
  expect(formConditions([{ column: 'age', values: [1], missing: true }], [age], false)).toBeUndefined()
  const schema = {
    properties: { rows: {}, given: { items: { properties: { name: {}, column: {}, operator: {}, value: {} } } } },
  }
  expect(conditionParameter(schema)).toEqual({ name: 'given', named: true, orMissing: false })
  expect(conditionParameter({})).toBeUndefined()
})

test('a list of values is read back as it was written', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme' }), { minLength: 2, maxLength: 5 }), (values) => {
      const [row] = formConditions([{ column: 'purpose', values }], [purpose], true)!
      expect(listedValues(row!.value!)).toEqual(values)
    }),
  )
})

test('parts of a chart choose rows: bins, values, predicates and strips of points', () => {
  const columns = [age, purpose]
  const chosen = (where: readonly ColumnCondition[]) => ({ table, columns, where })
  const brushOf = (chart: Chart, rows: Omit<ChartRows, 'table'>, where: readonly ColumnCondition[] | null = null) =>
    chartBrushes({
      chart,
      rows: { table, ...rows },
      columns,
      places: chartPlaces(chart, 400)!,
      selection: where && chosen(where),
    })[0]
  const bins: Chart = { type: 'histogram', edges: [20, 30.5, 41], series: [{ name: 'rows', counts: [3, 4] }], x: 'age' }
  const histogram = brushOf(bins, { x: 'age' })!
  expect(histogram.counted).toEqual([{ column: 'age', edges: [20, 30.5, 41] }])
  expect(histogram.choice(histogram.bars[0]!.condition)).toEqual({
    cells: [{ column: 'age', range: { from: 20, to: 30 } }],
    about: ['age'],
    beside: false,
  })
  expect(brushOf(bins, { x: 'gone' })).toBeUndefined()

  const rows = ['car', 'home'].map((label) => ({ label, estimate: { value: 1, n: 5 } }))
  const bars: Chart = { type: 'bars', format: 'number', rows }
  const values = brushOf(bars, {
    bars: [[{ column: 'purpose', values: ['car'] }], [{ column: 'purpose', values: ['home'] }]],
  })!
  expect(values.counted).toEqual([{ column: 'purpose', values: ['car', 'home'] }])
  expect(values.choice({ values: ['car', 'home'] })).toMatchObject({
    cells: [{ column: 'purpose', values: ['car', 'home'] }],
  })

  const both = [
    { column: 'purpose', values: ['car'] },
    { column: 'age', missing: true as const },
  ]
  const predicates = brushOf(bars, { bars: [both, null] }, both)!
  expect(predicates.condition).toEqual({ values: [0] })
  expect(predicates.choice({ values: [0] })).toEqual({ whole: both })
  expect(predicates.choice({ values: [1] })).toEqual({ whole: [] })
  expect(predicates.choice(undefined)).toEqual({ whole: [] })

  const points: Chart = { type: 'scatter', series: [{ name: 'a', x: [20, 30, 41], y: [1, 2, 3] }], x: 'age', y: 'push' }
  const strips = brushOf(points, { x: 'age' }, [{ column: 'age', range: { from: 0, to: 99 } }])!
  expect(strips.bars.reduce((sum, { count }) => sum + count, 0)).toBe(3)
  expect(strips.bars.every(({ condition }) => isWithin(condition, strips.condition))).toBe(true)
})
