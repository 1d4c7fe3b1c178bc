import { expect, test } from 'vitest'
import { createGraph } from './graph-builder.ts'
import { readModel } from './read-model.ts'

test('a graph that was written is read as it was', () => {
  const graph = createGraph('twice')
  const x = graph.input('x', 'float', ['N', 3])
  const constants = [
    graph.constant('float', [3], Float32Array.of(0.5, -2, 1e-30)),
    graph.constant('int64', [2], BigInt64Array.of(-1n, 2n ** 40n)),
    graph.constant('double', [], [0.1]),
    graph.constant('int32', [1], [-7]),
    graph.constant('uint32', [1], [2 ** 32 - 1]),
    graph.constant('bool', [2], [1, 0]),
    graph.constant('int8', [1], Int8Array.of(-128)),
  ]
  const attributes = {
    axis: { int: -1 },
    pads: { ints: [0, 1, 300] },
    alpha: { float: 0.25 },
    scales: { floats: [1, 2.5] },
    mode: { string: 'add' },
  }
  graph.node('Split', [x, ...constants, ''], attributes, { outputs: ['a', 'b'], domain: 'own' })
  graph.output('b', 'float', ['N'])
  const written = graph.fact()
  const read = readModel(graph.encode())
  expect(read.nodes).toEqual(written.nodes)
  expect(read.outputs).toEqual(['b'])
  expect(
    read.constants.map(({ name, type, dimensions, values }) => [name, type, dimensions, Array.from(values, Number)]),
  ).toEqual(
    written.constants.map(({ name, type, dimensions, values }) => [name, type, dimensions, Array.from(values, Number)]),
  )
})

test('bytes that are no model are told', () => {
  expect(() => readModel(new Uint8Array(0))).toThrow('no graph')
  expect(() => readModel(Uint8Array.of(58, 200))).toThrow(RangeError)
  const graph = createGraph('words')
  graph.constant('string', [1], ['a'])
  expect(() => readModel(graph.encode())).toThrow('texts as constants')
})
