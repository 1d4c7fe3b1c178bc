import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect, test } from 'vitest'
import { compareGoldens } from './compare-goldens.ts'
import { groupOf } from './main.ts'
import { modelCases } from './model-cases.ts'
import { preparationCases } from './preparation-cases.ts'
import { largestDifference, readGolden } from './read-golden.ts'

test.each([
  ['ml-stats-onnx', 'the learner’s own prediction', modelCases],
  ['ml-prep-onnx', 'our own prepared matrix', preparationCases],
] as const)('%s: ONNX files give %s here and under Python’s onnxruntime', async (file, _what, cases) => {
  const golden = readGolden<Record<string, { answers: number[] }>>(file)
  for (const { name, onnx, columns, own } of cases()) {
    expect(largestDifference(golden[name]!.answers, own), name).toBeLessThan(1e-9)
    const session = await InferenceSession.create(onnx)
    const feeds = Object.entries(columns).map(([column, cells]) => [
      column,
      cells.some((cell) => typeof cell === 'string')
        ? new Tensor(
            'string',
            cells.map((cell) => String(cell ?? '')),
            [cells.length, 1],
          )
        : new Tensor(
            'float64',
            Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))),
            [cells.length, 1],
          ),
    ])
    const output = (await session.run(Object.fromEntries(feeds)))[session.outputNames[0]!]!
    expect(largestDifference(output.data, own), name).toBeLessThan(1e-9)
  }
})

test('goldens are compared with rounding forgiven and nothing else', () => {
  const golden = { a: [1, 2.5], b: 'x', c: null, peers: { sklearn: '1' } }
  expect(compareGoldens(golden, { ...golden, a: [1, 2.5 + 1e-12], peers: { sklearn: '2' } })).toEqual([])
  expect(compareGoldens(golden, { ...golden, a: [1, 2.6] })).toEqual(['a[1]: 2.5 became 2.6'])
  expect(compareGoldens(golden, { ...golden, a: [1] })).toEqual(['a: 2 entries became 1'])
  expect(compareGoldens(golden, { ...golden, c: 0 })).toEqual(['c: null became 0'])
  expect(compareGoldens(golden, { a: [1, 2.5], c: null })).toEqual(['b: "x" became undefined'])
})

test('a script names its environment in its first line', () => {
  expect(groupOf('# group: torch\nimport torch')).toBe('torch')
  expect(groupOf('"""Doc"""\n# group: torch')).toBe('core')
})
