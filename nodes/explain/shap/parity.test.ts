import { afterAll, beforeAll, expect, test } from 'vitest'
import { runNode } from '#compute/run-node'
import { openScratch, type Scratch } from '#compute/scratch'
import type { AnyNode, Explanation, JsonValue, Model, Table } from '#contract'
import { columnFrom, frameOf } from '#ml/frame-of'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import node from './node.ts'

interface Values {
  readonly base: number
  readonly values: readonly (readonly number[])[]
}
interface Golden {
  readonly model: Model
  readonly trees: JsonValue
  readonly onnx: string
  readonly names: readonly string[]
  readonly x: readonly (readonly number[])[]
  readonly scores: readonly number[]
  readonly interventional: readonly Values[]
  readonly path: readonly Values[]
  readonly kernel: readonly Values[]
}
const golden = readGolden<Golden>('ml-explain-node')

let scratch: Scratch
let table: Table
let model: Model
beforeAll(async () => {
  scratch = await openScratch()
  const columns = golden.names.map((name, j) =>
    columnFrom(
      name,
      'number',
      golden.x.map((row) => row[j]!),
    ),
  )
  table = await scratch.context.tables.write(frameOf(...columns))
  const trees = await scratch.context.blobs.put(new TextEncoder().encode(JSON.stringify(golden.trees)))
  const onnx = await scratch.context.blobs.put(Uint8Array.from(Buffer.from(golden.onnx, 'base64')))
  model = { ...golden.model, trees, onnx }
})
afterAll(() => scratch.close())

/** Contributions of the first rows to one class, in the order of the columns. */
async function explain(method: string, place: number, rows: number): Promise<Values> {
  const params = {
    ...{ method, class: model.classes![place]!, rows: 'all', who: 'named', samples: 32, background: golden.x.length },
    person: Array.from({ length: rows }, (_, row) => row + 1).join(','),
  }
  const { outputs } = await runNode(scratch, node as AnyNode, { model, table }, params)
  const { base, people } = outputs['explanation'] as Explanation
  const values = people.map(({ contributions }) =>
    golden.names.map((name) => contributions.find(({ feature }) => feature === name)!.contribution),
  )
  return { base, values }
}

test.each([
  // shap's own add up to the margin to 2e-8 only
  ['tree-interventional', golden.interventional, 24, 1e-7],
  // float64 on both sides: sums in another order are all that differs
  ['tree-path-dependent', golden.path, 24, 1e-9],
  // shap solves least squares where ours counts every coalition
  ['kernel', golden.kernel, 6, 1e-8],
] as const)(
  '%s equals shap’s, class by class, on the same trees and the same file',
  async (method, peer, rows, slack) => {
    for (const [place, theirs] of peer.entries()) {
      const ours = await explain(method, place, rows)
      expect(largestDifference(ours.base, theirs.base)).toBeLessThan(slack)
      expect(largestDifference(ours.values, theirs.values)).toBeLessThan(slack)
    }
  },
)

test('the file says the same here as where the golden was made', async () => {
  const { values } = await scratch.context.models.score(model, await scratch.context.tables.read(table))
  expect(largestDifference(values, golden.scores)).toBeLessThan(1e-12)
})
