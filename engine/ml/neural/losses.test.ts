import { expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import { createGraph } from '#ml/onnx/graph-builder'
import { largestDifference, readGolden } from '../../../bench/parity/read-golden.ts'
import { gradient } from './gradient.ts'
import { type Loss, rowLosses, targetWidth, weightedMean, weightShares } from './losses.ts'
import { sum } from './operators/reduction.ts'
import { createTape, type Value } from './tape.ts'

interface LossGolden {
  readonly outputs: number[][]
  readonly targets: number[][]
  readonly losses: number[]
  readonly gradients: number[]
}

async function evaluate(build: (tape: ReturnType<typeof createTape>) => Readonly<Record<string, Value>>) {
  const tape = createTape(createGraph('loss'), 'double')
  for (const [name, value] of Object.entries(build(tape))) tape.output(name, value)
  const session = await onnxSessions()(tape.graph.encode())
  const results = await session.run({})
  await session.release()
  return Object.fromEntries(Object.entries(results).map(([name, { values }]) => [name, Array.from(values, Number)]))
}

const { losses: goldens } = readGolden<{ losses: Record<Loss['kind'], LossGolden> }>('ml-neural')
const losses: readonly Loss[] = [
  { kind: 'cross-entropy' },
  { kind: 'distillation', temperature: 2.5, share: 0.7 },
  { kind: 'binary' },
  { kind: 'squared' },
  { kind: 'huber', delta: 1.5 },
]

for (const loss of losses)
  test(`${loss.kind} and its gradient equal PyTorch’s`, async () => {
    const golden = goldens[loss.kind]
    const [rows, width] = [golden.outputs.length, golden.outputs[0]!.length]
    const { value, slope } = await evaluate((tape) => {
      const outputs = tape.constant('double', [rows, width], golden.outputs.flat())
      const targets = tape.constant('double', [rows, targetWidth(loss, width)], golden.targets.flat())
      const value = rowLosses(tape, loss, outputs, targets)
      return { value, slope: gradient(tape, sum(tape, value, [0]), [outputs])[0]! }
    })
    // Float64 on both sides; only the order of additions differs.
    expect(largestDifference(value, golden.losses)).toBeLessThan(1e-13)
    expect(largestDifference(slope, golden.gradients)).toBeLessThan(1e-13)
  })

test('weights of zero give a loss and a gradient of zero', async () => {
  const { loss, slope } = await evaluate((tape) => {
    const values = tape.constant('double', [2], [3, 4])
    const loss = weightedMean(tape, values, weightShares(tape, tape.constant('double', [2], [0, 0])))
    return { loss, slope: gradient(tape, loss, [values])[0]! }
  })
  expect([loss, slope]).toEqual([[0], [0, 0]])
})
