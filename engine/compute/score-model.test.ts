import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Column, Frame, Hash } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { openScratch, type Scratch } from './scratch.ts'

let scratch: Scratch
let onnx: Hash
const features: readonly Column[] = [
  { name: 'x', type: 'number', nullable: true },
  { name: 'word', type: 'text', nullable: true },
]

/** Two outputs a row: 2x, and 1 where the word is missing. */
beforeAll(async () => {
  scratch = await openScratch()
  const graph = createGraph('test')
  const x = graph.input('x', 'double', ['N', 1])
  const word = graph.input('word', 'string', ['N', 1])
  const twice = graph.apply('Mul', [x, graph.number(2)])
  const missing = graph.apply('Equal', [word, graph.constant('string', [1, 1], [''])])
  const flag = graph.apply('Cast', [missing], { to: { int: 11 } })
  graph.node('Concat', [twice, flag], { axis: { int: 1 } }, { outputs: ['both'] })
  graph.output('both', 'double', ['N', 2])
  onnx = await scratch.blobs.put(graph.encode())
})
afterAll(() => scratch.close())

function frame(rows: number): Frame {
  return {
    rows,
    columns: [
      {
        name: 'word',
        type: 'text',
        nullable: true,
        cells: {
          kind: 'text',
          codes: Int32Array.from({ length: rows }, (_, row) => (row % 3) - 1),
          levels: ['a', 'b'],
        },
      },
      {
        name: 'x',
        type: 'integer',
        nullable: true,
        cells: {
          kind: 'number',
          values: Float64Array.from({ length: rows }, (_, row) => (row === 1 ? Number.NaN : row)),
        },
      },
    ],
  }
}

test('raw rows over several batches, missing cells as NaN and empty text', async () => {
  const rows = 20_001
  const { values, width } = await scratch.context.models.score({ onnx, features }, frame(rows))
  expect([width, values.length]).toEqual([2, 2 * rows])
  for (const row of [0, 2, 8_191, 8_192, 20_000]) {
    expect(values[2 * row]).toBe(2 * row)
    expect(values[2 * row + 1]).toBe(row % 3 === 0 ? 1 : 0)
  }
  expect(values[2]).toBeNaN()
})

test('no rows still have a width', async () => {
  expect(await scratch.context.models.score({ onnx, features }, frame(0))).toEqual({
    values: new Float64Array(0),
    width: 2,
  })
})

test('a missing column and one of another kind are problems', async () => {
  const { columns } = frame(1)
  const score = (given: Frame) => scratch.context.models.score({ onnx, features }, given)
  await expect(score({ rows: 1, columns: columns.slice(1) })).rejects.toMatchObject({ code: 'column-unknown' })
  const swapped = { ...columns[1]!, name: 'word' }
  await expect(score({ rows: 1, columns: [swapped, columns[1]!] })).rejects.toMatchObject({ code: 'column-type' })
})

test('a damaged model file is not run', async () => {
  const other = await openScratch()
  const hash = await other.blobs.put(new Uint8Array([1, 2, 3]))
  const { writeFileSync } = await import('node:fs')
  writeFileSync(other.blobs.path(hash), 'changed')
  await expect(other.context.models.score({ onnx: hash, features }, frame(1))).rejects.toMatchObject({
    code: 'artifact-damaged',
  })
  await other.close()
})

test('a cancelled run stops between batches', async () => {
  const other = await openScratch()
  other.cancel()
  const bytes = await scratch.blobs.get(onnx)
  const hash = await other.blobs.put(bytes)
  await expect(other.context.models.score({ onnx: hash, features }, frame(1))).rejects.toMatchObject({
    code: 'cancelled',
  })
  await other.close()
})

test('pictures go in as bytes; those of another size are refused', async () => {
  const image = { width: 2, height: 1, channels: 3 }
  const graph = createGraph('pictures')
  const bytes = graph.input('photo', 'uint8', ['N', 1, 2, 3])
  const numbers = graph.apply('Cast', [bytes], { to: { int: 11 } })
  const flat = graph.apply('Reshape', [numbers, graph.constant('int64', [2], [-1, 6])])
  graph.node('Identity', [flat], {}, { outputs: ['all'] })
  graph.output('all', 'double', ['N', 6])
  const feature: Column = { name: 'photo', type: 'image', nullable: true, image }
  const model = { onnx: await scratch.blobs.put(graph.encode()), features: [feature] }
  const cells = { kind: 'text', codes: Int32Array.of(1, -1, 0), levels: ['AAECAwQF', '////////'] } as const
  const pictures: Frame = { rows: 3, columns: [{ ...feature, cells }] }
  const { values } = await scratch.context.models.score(model, pictures)
  expect([...values]).toEqual([255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5])
  const other: Frame = { rows: 3, columns: [{ ...feature, image: { ...image, channels: 1 }, cells }] }
  await expect(scratch.context.models.score(model, other)).rejects.toMatchObject({ code: 'column-type' })
  const kept = await scratch.context.tables.write(pictures)
  const asked = await scratch.context.tables.query('SELECT * EXCLUDE (__row) FROM t ORDER BY __row', { t: kept })
  expect(asked.columns).toEqual(kept.columns)
})
