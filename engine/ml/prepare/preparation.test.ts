import fc from 'fast-check'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import type { Frame } from '#contract'
import { takeRows } from '../frame.ts'
import { createGraph } from '../onnx/graph-builder.ts'
import {
  applyPreparation,
  emitPreparation,
  fitPreparation,
  matrixColumns,
  type Preparation,
  preparationDefaults,
} from './preparation.ts'

function makeFrame(numbers: Record<string, number[]>, texts: Record<string, (string | null)[]>): Frame {
  const numberColumns = Object.entries(numbers).map(([name, values]) => ({
    name,
    type: 'number' as const,
    nullable: true,
    cells: { kind: 'number' as const, values: Float64Array.from(values) },
  }))
  const textColumns = Object.entries(texts).map(([name, values]) => {
    const levels = [...new Set(values.filter((value) => value !== null))].sort()
    const codes = Int32Array.from(values, (value) => (value === null ? -1 : levels.indexOf(value)))
    return { name, type: 'text' as const, nullable: true, cells: { kind: 'text' as const, codes, levels } }
  })
  const columns = [...numberColumns, ...textColumns]
  const rows = Object.values(numbers)[0]?.length ?? Object.values(texts)[0]?.length ?? 0
  return { rows, columns }
}

const everyRow = (frame: Frame) => Uint32Array.from({ length: frame.rows }, (_, row) => row)
const names = (frame: Frame) => frame.columns.map(({ name }) => name)

async function throughOnnx(preparation: Preparation, frame: Frame): Promise<Float64Array> {
  const graph = createGraph('preparation')
  graph.node('Identity', [emitPreparation(graph, preparation)], {}, { outputs: ['x'] })
  graph.output('x', 'double', ['N', matrixColumns(preparation).length])
  const session = await InferenceSession.create(graph.encode())
  const feeds = Object.fromEntries(
    frame.columns.map(({ name, cells }) => [
      name,
      cells.kind === 'number'
        ? new Tensor('float64', cells.values.slice(), [frame.rows, 1])
        : new Tensor(
            'string',
            Array.from(cells.codes, (code) => (code < 0 ? '' : cells.levels[code]!)),
            [frame.rows, 1],
          ),
    ]),
  )
  return (await session.run(feeds)).x!.data as Float64Array
}

test('numbers are imputed by the training median, marked and scaled', () => {
  const frame = makeFrame({ a: [1, 3, Number.NaN, 8], b: [5, 5, 5, 5] }, {})
  const preparation = fitPreparation(frame, ['a', 'b'], Uint32Array.of(0, 1, 2))
  expect(matrixColumns(preparation).map(({ name }) => name)).toEqual(['a', 'b', 'a (missing)'])
  const { values } = applyPreparation(preparation, frame)
  const spread = Math.sqrt(2 / 3)
  const expected = [-1 / spread, 0, 0, 1 / spread, 0, 0, 0, 0, 1, 6 / spread, 0, 0]
  values.forEach((value, at) => expect(value).toBeCloseTo(expected[at]!, 12))
})

test('rare and unseen levels share a column, missing ones have their own', () => {
  const texts = [...new Array<string>(60).fill('x'), ...new Array<string>(38).fill('y'), 'rare', null]
  const frame = makeFrame({}, { t: texts })
  const preparation = fitPreparation(frame, ['t'], everyRow(frame), {
    ...preparationDefaults,
    text: { ...preparationDefaults.text, rareShare: 0.02, mostLevels: 10 },
  })
  expect(matrixColumns(preparation).map(({ name }) => name)).toEqual(['t = x', 't = y', 't = (other)', 't = (missing)'])
  const scored = applyPreparation(preparation, makeFrame({}, { t: ['y', 'never seen', '', null, 'rare'] }))
  expect([...scored.values]).toEqual([0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0])
})

test('the mode stands in for missing texts and numbers', () => {
  const frame = makeFrame({ n: [2, 2, 1, 1, Number.NaN] }, { t: ['b', 'b', 'a', null, 'a'] })
  const options = {
    ...preparationDefaults,
    number: { ...preparationDefaults.number, impute: 'mode' as const, indicator: false, scale: 'none' as const },
    text: { ...preparationDefaults.text, impute: 'mode' as const },
  }
  const { values, columns } = applyPreparation(fitPreparation(frame, names(frame), everyRow(frame), options), frame)
  expect(columns).toBe(3)
  expect([...values.slice(9, 12)]).toEqual([1, 1, 0])
  expect(values[12]).toBe(1)
})

test('columns without any value give numbers, never NaN', () => {
  const frame = makeFrame({ n: [Number.NaN, Number.NaN] }, { t: [null, null] })
  const { values } = applyPreparation(fitPreparation(frame, ['n', 't'], everyRow(frame)), frame)
  expect([...values]).toEqual([0, 1, 0, 1])
})

const strange = fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY)
const cell = fc.oneof(
  { weight: 4, arbitrary: fc.double({ noNaN: true, min: -1e6, max: 1e6 }) },
  { weight: 1, arbitrary: strange },
)
const text = fc.oneof(fc.constantFrom('a', 'b', 'ü', 'long text', ''), fc.constant(null))

test('the ONNX graph gives what apply gives, also on rows it has never seen', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell, text, text), { minLength: 3, maxLength: 40 }), async (rows) => {
      const frame = makeFrame(
        { a: rows.map(([a]) => a), b: rows.map(([, b]) => b) },
        { t: rows.map(([, , t]) => t), u: rows.map(([, , , u]) => u) },
      )
      const preparation = fitPreparation(frame, names(frame), everyRow(frame).subarray(0, Math.ceil(rows.length / 2)))
      const own = applyPreparation(preparation, frame)
      const onnx = await throughOnnx(preparation, frame)
      expect(onnx.length).toBe(own.values.length)
      own.values.forEach((value, at) =>
        expect(Math.abs(value - onnx[at]!)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value))),
      )
    }),
    { numRuns: 60 },
  )
})

test('row order does not matter to what is fitted', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), text), { minLength: 2, maxLength: 30 }), (rows) => {
      const frame = makeFrame({ a: rows.map(([a]) => a) }, { t: rows.map(([, t]) => t) })
      const backwards = takeRows(frame, everyRow(frame).reverse())
      const [one, other] = [frame, backwards].map(
        (part) => applyPreparation(fitPreparation(part, ['a', 't'], everyRow(part)), frame).values,
      )
      one!.forEach((value, at) => expect(other![at]).toBeCloseTo(value, 12))
    }),
  )
})

test('missing numbers can stay missing, in the matrix and in the file', async () => {
  const cells = Float64Array.of(1, Number.NaN, Number.POSITIVE_INFINITY, -4)
  const column = { name: 'x', type: 'number', nullable: true, cells: { kind: 'number', values: cells } } as const
  const frame: Frame = { rows: 4, columns: [column] }
  const preparation = fitPreparation(frame, ['x'], Uint32Array.of(0, 1, 2, 3), {
    ...preparationDefaults,
    number: { impute: 'none', constant: 0, indicator: false, scale: 'none' },
  })
  expect(JSON.parse(JSON.stringify(preparation))).toEqual(preparation)
  const expected = [1, Number.NaN, Number.NaN, -4]
  expect([...applyPreparation(preparation, frame).values]).toEqual(expected)
  const graph = createGraph('kept')
  graph.node('Identity', [emitPreparation(graph, preparation)], {}, { outputs: ['y'] })
  graph.output('y', 'double', ['N', 1])
  const session = await InferenceSession.create(graph.encode())
  const { y } = await session.run({ x: new Tensor('float64', cells, [4, 1]) })
  expect([...(y!.data as Float64Array)]).toEqual(expected)
})
