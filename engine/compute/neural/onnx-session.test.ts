import { expect, test } from 'vitest'
import { createGraph } from '#ml/onnx/graph-builder'
import { onnxSessions } from './onnx-session.ts'

test('tensors of each type go in and come out with shape and values', async () => {
  const graph = createGraph('same')
  const types = ['float', 'double', 'int32', 'int64'] as const
  for (const type of types) {
    const name = graph.input(`${type}_in`, type, ['N', 2])
    graph.node('Identity', [name], {}, { outputs: [type] })
    graph.output(type, type, ['N', 2])
  }
  const session = await onnxSessions()(graph.encode())
  const shape = [1, 2]
  const tensors = {
    float: { type: 'float', shape, values: Float32Array.of(0.5, -1) },
    double: { type: 'double', shape, values: Float64Array.of(0.1, Number.NaN) },
    int32: { type: 'int32', shape, values: Int32Array.of(-7, 8) },
    int64: { type: 'int64', shape, values: BigInt64Array.of(-7n, 2n ** 60n) },
  } as const
  const outputs = await session.run(Object.fromEntries(types.map((type) => [`${type}_in`, tensors[type]])))
  expect(outputs).toEqual(tensors)
  await session.release()
})

test('a type that networks do not give is named', async () => {
  const graph = createGraph('flag')
  graph.node('Identity', [graph.constant('bool', [1], [1])], {}, { outputs: ['y'] })
  graph.output('y', 'bool', [1])
  const session = await onnxSessions()(graph.encode())
  await expect(session.run({})).rejects.toThrow('bool')
})
