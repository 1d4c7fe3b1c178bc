import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { createGraph } from './graph-builder.ts'
import { utf8 } from './protobuf-writer.ts'

test('a graph of doubles runs, with a size known at run time', async () => {
  const graph = createGraph('scale')
  const x = graph.input('x', 'double', ['N', 2])
  const scaled = graph.apply('Mul', [x, graph.constant('double', [2], Float64Array.of(2, -3))])
  graph.node('Add', [scaled, graph.number(0.5)], {}, { outputs: ['y'] })
  graph.output('y', 'double', ['N', 2])
  const session = await InferenceSession.create(graph.encode())
  const { y } = await session.run({ x: new Tensor('float64', Float64Array.of(1, 2, 3, 4), [2, 2]) })
  expect([...(y!.data as Float64Array)]).toEqual([2.5, -5.5, 6.5, -11.5])
})

test('texts and operators of ai.onnx.ml run', async () => {
  const graph = createGraph('codes')
  const text = graph.input('städte', 'string', ['N', 1])
  const attributes = {
    keys_strings: { strings: ['Köln', 'a😀'] },
    values_int64s: { ints: [7, -2] },
    default_int64: { int: -1 },
  }
  graph.node('LabelEncoder', [text], attributes, { domain: 'ai.onnx.ml', outputs: ['code'] })
  graph.output('code', 'int64', ['N', 1])
  const session = await InferenceSession.create(graph.encode())
  const { code } = await session.run({ städte: new Tensor('string', ['a😀', 'Köln', ''], [3, 1]) })
  expect([...(code!.data as BigInt64Array)]).toEqual([-2n, 7n, -1n])
})

test('a nested graph runs one branch', async () => {
  const branch = (name: string, value: number) => {
    const inner = createGraph(name, `${name}_`)
    inner.node('Identity', [inner.constant('float', [1], Float32Array.of(value))], {}, { outputs: [`${name}_out`] })
    inner.output(`${name}_out`, 'float', [1])
    return { graph: inner.fact() }
  }
  const graph = createGraph('choose')
  const condition = graph.input('condition', 'bool', [])
  graph.node('If', [condition], { then_branch: branch('yes', 1.5), else_branch: branch('no', 2.5) }, { outputs: ['y'] })
  graph.output('y', 'float', [1])
  const session = await InferenceSession.create(graph.encode())
  for (const [said, value] of [
    [true, 1.5],
    [false, 2.5],
  ] as const) {
    const { y } = await session.run({ condition: new Tensor('bool', [said], []) })
    expect([...(y!.data as Float32Array)]).toEqual([value])
  }
})

test('the same graph gives the same bytes', () => {
  const make = () => {
    const graph = createGraph('same')
    graph.node(
      'Gemm',
      [graph.input('x', 'float', ['N', 3]), graph.constant('float', [3, 1], Float32Array.of(1, 2, 3))],
      { alpha: { float: 0.5 } },
      { outputs: ['y'] },
    )
    graph.output('y', 'float', ['N', 1])
    return graph.encode()
  }
  expect(make()).toEqual(make())
})

test('UTF-8 equals the platform’s encoder', () => {
  for (const text of ['plain', 'Köln', '日本', '😀', '\ud800x', ''])
    expect(utf8(text)).toEqual(new TextEncoder().encode(text))
})
