import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type Chart,
  type ChartRows,
  type Column,
  type Corners,
  type Hash,
  insideArea,
  mostCorners,
  type Table,
} from '#contract'
import { chartPlaces } from '#report/chart-places'
import type { ChartBrush } from './chart-axis.ts'
import { chartBrushes } from './chart-brush.ts'
import { cornersAt, dataAt, longerPath, nearestSpot, snugRange, spotOf, within } from './plane-places.ts'
import { predicateWords } from './predicate-words.ts'
import { chosenOneByOne, createRowSelectionStore, type RowSelection } from './row-selection.ts'
import { simplifyOutline } from './simplify-outline.ts'
import { formAreas, formConditions, formPlaces } from './slice-conditions.ts'
import { countPlaces, hasPlace, joinedStretches, toggledPlaces } from './stretches.ts'

const column = (name: string, type: Column['type']): Column => ({ name, type, nullable: true })
const [age, purpose] = [column('age', 'integer'), column('purpose', 'text')]
const columns = [age, purpose]
const table = 'a'.repeat(64) as Hash
const beside: Table = {
  kind: 'table',
  rows: 4,
  columns: [column('row', 'integer'), column('actual → predicted', 'text'), column('score', 'number')],
  data: 'b'.repeat(64) as Hash,
}

function brushesOf(chart: Chart, rows: Omit<ChartRows, 'table'>, selection: RowSelection | null = null) {
  return chartBrushes({ chart, rows: { table, ...rows }, columns, places: chartPlaces(chart, 400)!, selection })
}
const only = (brushes: readonly ChartBrush[]) => {
  expect(brushes).toHaveLength(1)
  return brushes[0]!
}

test('cells of a matrix choose by what was true and predicted, several at once', () => {
  const classes = ['no', 'yes']
  const chart: Chart = {
    type: 'matrix',
    rows: classes,
    columns: classes,
    values: [
      [5, 1],
      [2, 7],
    ],
    x: 'predicted',
    y: 'actual',
  }
  const bars = classes.flatMap((actual) =>
    classes.map((predicted) => [{ column: 'actual → predicted', values: [`${actual} → ${predicted}`] }]),
  )
  const brush = only(brushesOf(chart, { beside: { table: beside, bars } }))
  expect(brush.bars.map(({ label, count }) => [label, count])).toContainEqual(['actual yes, predicted no', 2])
  expect(brush.across).toBe(2)
  const values = ['no → no', 'no → yes', 'yes → no', 'yes → yes']
  expect(brush.counted).toEqual([{ column: 'actual → predicted', values }])
  const store = createRowSelectionStore()
  const wrong = { values: ['no → yes', 'yes → no'] }
  const choice = brush.choice(wrong)
  if (!('cells' in choice)) throw new Error('no cells')
  expect(choice).toMatchObject({ about: ['actual → predicted'], beside: true })
  store.chooseCells({ table, columns, beside }, choice.cells, choice.about)
  const { selection } = store.getState()
  const where = [{ column: 'actual → predicted', ...wrong }]
  expect(selection).toEqual({ table, columns: [], where: [{ table, beside, where }] })
  expect(predicateWords(selection!.where, [])).toBe('actual → predicted = no → yes or yes → no')
  expect(only(brushesOf(chart, { beside: { table: beside, bars } }, selection)).condition).toEqual(wrong)
  store.chooseCells({ table, columns, beside }, [], choice.about)
  expect(store.getState().selection).toBeNull()
  expect(brushesOf(chart, {})).toEqual([])
})

test('stretches of a curve choose scores: from each threshold up to the one before', () => {
  const chart: Chart = {
    type: 'line',
    series: [{ name: 'ROC', x: [0, 0, 0.5, 1], y: [0, 0.5, 1, 1] }],
    x: 'f',
    y: 't',
    diagonal: true,
  }
  const ranges = [
    { from: 0.9, to: 1 },
    { from: 0.5, to: 0.9, below: true as const },
    { from: 0.1, to: 0.5, below: true as const },
  ]
  const rows = {
    beside: { table: beside, bars: ranges.map((range) => [{ column: 'score', range }]), counts: [1, 2, 1] },
  }
  const brush = only(brushesOf(chart, rows))
  expect(brush.parts.grow).toBe('cells')
  expect(brush.parts.places).toHaveLength(3)
  expect(brush.counted).toEqual([{ column: 'score', ranges }])
  expect(brush.bars[1]).toEqual({ label: 'score 0.5 – 0.9', count: 2, condition: { range: ranges[1] } })
  expect(brush.choice({ range: { from: 0.1, to: 1 } })).toEqual({
    cells: [{ column: 'score', range: { from: 0.1, to: 1 } }],
    about: ['score'],
    beside: true,
  })
  const bins = {
    beside: { table: beside, bars: [...rows.beside.bars, [{ column: 'score', range: { from: 0, to: 0.1 } }]] },
  }
  expect(only(brushesOf(chart, bins)).parts.grow).toBe('up')
})

test('points choose along both axes; a swarm along each of its lines; a waterfall the one it is about', () => {
  const scatter: Chart = {
    type: 'scatter',
    series: [{ name: 'a', x: [20, 30, 41], y: [1, 2, 3] }],
    x: 'age',
    y: 'push',
  }
  const [x, y] = brushesOf(scatter, { x: 'age', beside: { table: beside, y: 'score' }, places: [4, 5, 6] })
  expect([x!.along, y!.along]).toEqual(['age', 'push'])
  expect(x!.choice({ range: { from: 1, to: 2 } })).toMatchObject({ about: ['age'], beside: false })
  expect(y!.choice({ range: { from: 1, to: 2 } })).toMatchObject({ about: ['score'], beside: true })
  const words: Chart = { ...scatter, series: [{ name: 'a', x: ['car', 'home', 'car'], y: [1, 2, 3] }], x: 'purpose' }
  const [values] = brushesOf(words, { x: 'purpose' })
  expect(values!.bars.map(({ label, count, condition }) => [label, count, condition])).toEqual([
    ['car', 2, { values: ['car'] }],
    ['home', 1, { values: ['home'] }],
  ])
  const swarm: Chart = {
    type: 'swarm',
    rows: [
      { label: 'a', x: [1, 2], shade: [0, 1] },
      { label: 'b', x: [0, 0], shade: [0, 1] },
    ],
    x: 'push',
  }
  const lines = brushesOf(swarm, { beside: { table: beside, lines: ['score', 'gone'] }, places: [1, 2] })
  expect(only(lines)).toMatchObject({ along: 'a', counted: [] })
  expect(lines[0]!.bars.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  const waterfall: Chart = { type: 'waterfall', start: { label: 'all', value: 0 }, steps: [], end: 'p7', x: 'push' }
  const person = only(brushesOf(waterfall, { places: [7] }))
  expect(person.choice({ values: [0] })).toEqual({ places: [[7, 7]] })
  const chosen = { table, columns: [], where: [{ table, places: [[3, 9] as const] }] }
  expect(only(brushesOf(waterfall, { places: [7] }, chosen)).condition).toEqual({ values: [0] })
  expect(brushesOf(waterfall, {})).toEqual([])
})

test('an outline gives way to a range on one of its columns, and single rows are chosen alone', () => {
  const store = createRowSelectionStore()
  const area = {
    area: ['age', 'income'] as const,
    corners: [
      [0, 0],
      [1, 0],
      [0, 1],
    ] as const,
  }
  const scope = { table, columns: [...columns, column('income', 'number')] }
  store.choose(table, purpose, { values: ['car'] })
  store.chooseCells(scope, [area], ['age', 'income'])
  expect(store.getState().selection).toMatchObject({ where: [{ column: 'purpose' }, area] })
  expect(
    store
      .getState()
      .selection!.columns.map(({ name }) => name)
      .sort(),
  ).toEqual(['age', 'income', 'purpose'])
  expect(predicateWords(store.getState().selection!.where, columns)).toBe(
    'purpose = car and age and income in an outline',
  )
  store.choose(table, age, { range: { from: 1, to: 2 } })
  expect(store.getState().selection!.where).toEqual([
    { column: 'purpose', values: ['car'] },
    { column: 'age', range: { from: 1, to: 2 } },
  ])
  store.choosePlaces(table, [[4, 4]])
  expect(store.getState().selection).toEqual({ table, columns: [], where: [{ table, places: [[4, 4]] }] })
  expect(chosenOneByOne(store.getState().selection?.where, table)).toEqual([[4, 4]])
  expect(predicateWords([{ table, places: [[4, 4]] }], [])).toBe('row 5')
  expect(
    predicateWords(
      [
        {
          table,
          places: [
            [2, 2],
            [6, 11],
          ],
        },
      ],
      [],
    ),
  ).toBe('rows 3 and 7 to 12')
  expect(
    predicateWords(
      [
        {
          table,
          places: [
            [0, 0],
            [2, 2],
            [4, 4],
            [6, 8],
          ],
        },
      ],
      [],
    ),
  ).toBe('6 picked rows')
  store.choosePlaces(table, [])
  expect(store.getState().selection).toBeNull()
})

test('stretches hold the places that were toggled an odd number of times', () => {
  const part = fc.tuple(fc.nat(30), fc.nat(6)).map(([first, more]) => [first, first + more] as const)
  fc.assert(
    fc.property(fc.array(part, { maxLength: 5 }), part, (parts, [first, last]) => {
      const stretches = joinedStretches(parts)
      const places = new Set(parts.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, at) => from + at)))
      const changed = Array.from({ length: last - first + 1 }, (_, at) => first + at)
      const all = changed.every((place) => places.has(place))
      for (const place of changed) all ? places.delete(place) : places.add(place)
      const toggled = toggledPlaces(stretches, [[first, last]])
      expect(countPlaces(toggled)).toBe(places.size)
      for (let place = 0; place < 40; place++) expect(hasPlace(toggled, place)).toBe(places.has(place))
      expect(toggled.every(([from], at) => at === 0 || from > toggled[at - 1]![1] + 1)).toBe(true)
    }),
  )
})

test('the form says outlines and numbers', () => {
  const day = column('day', 'date')
  const area = {
    area: ['day', 'age'] as const,
    corners: [
      [0, 1.5],
      [86_400_000, 2],
      [-1, 3],
    ] as const,
  }
  expect(formAreas([area, { column: 'age', missing: true }], [day, age])).toEqual({
    areas: [{ x: 'day', y: 'age', outline: '1970-01-01 1.5, 1970-01-02 2, -1 3' }],
  })
  expect(formAreas([], [])).toEqual({})
  expect(formConditions([area], [day, age], true)).toBeUndefined()
  expect(
    formPlaces(
      [
        [2, 2],
        [6, 11],
      ],
      beside.data,
    ),
  ).toEqual({ rowNumbers: '3, 7-12', rowNumbersOf: beside.data })
})

test('a simpler outline keeps every corner within the tolerance', () => {
  const whole = fc.integer({ min: 0, max: 200 })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(whole, whole), { minLength: 3, maxLength: 40 }),
      fc.constantFrom(1, 5, 30),
      (path, off) => {
        const simple = simplifyOutline(path, [off, off])
        expect([simple[0], simple.at(-1)]).toEqual([path[0], path.at(-1)])
        let from = 0
        for (const [x, y] of path) {
          // Along the path: the corner is near this edge of the outline or a later one.
          const near = simple.slice(from).findIndex((_, at) => nearEdge([x, y], simple, from + at, off))
          expect(near).toBeGreaterThanOrEqual(0)
          from += near
        }
      },
    ),
  )
  const line = Array.from({ length: 50 }, (_, at) => [at, at / 2] as const)
  expect(simplifyOutline(line, [1, 1])).toEqual([line[0], line[49]])
})

function nearEdge([x, y]: readonly [number, number], path: Corners, at: number, off: number): boolean {
  const [[ax, ay], [bx, by]] = [path[at]!, path[Math.min(at + 1, path.length - 1)]!]
  const [dx, dy] = [bx - ax, by - ay]
  const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(x - ax - share * dx, y - ay - share * dy) <= off + 1e-9
}

test('what is drawn over a plane and what it means are the same place', () => {
  const plane = { box: { x: 40, y: 20, width: 300, height: 160 }, x: [0, 10] as const, y: [-1, 1] as const }
  const spots = [
    { x: 40, y: 180 },
    { x: 340, y: 20 },
    { x: 190, y: 100 },
  ]
  expect(spots.map((spot) => dataAt(plane, spot))).toEqual([
    [0, -1],
    [10, 1],
    [5, 0],
  ])
  expect(spotOf(plane, [10, 1])).toEqual({ x: 340, y: 20 })
  const corners = cornersAt(plane, [{ x: 41.3, y: 30 }, ...spots.slice(1)])
  expect(corners[0]![0]).toBeCloseTo(0.04, 9)
  expect(insideArea(corners, 5, 0)).toBe(true)
  expect(within(plane, { x: 0, y: 500 })).toEqual({ x: 40, y: 180 })
  expect(nearestSpot(spots, { x: 200, y: 100 }, 14)).toBe(2)
  expect(nearestSpot(spots, { x: 260, y: 100 }, 14)).toBe(-1)
  expect(snugRange(0.123456, 9.87654)).toEqual([0.12, 9.88])
  expect(snugRange(3, 3)).toEqual([3, 3])
  let path: readonly { x: number; y: number }[] = []
  for (let at = 0; at < 5_000; at++) path = longerPath(path, { x: at, y: (at * 7) % 90 }, mostCorners)
  expect(path.length).toBeLessThanOrEqual(mostCorners)
  expect(path[0]).toEqual({ x: 0, y: 0 })
})
