import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { onnxSessions } from '#compute/neural/onnx-session'
import type { SessionTensor } from '#contract'
import { createGraph } from '#ml/onnx/graph-builder'
import { createRandom } from '#ml/random/random'
import { gradient } from './gradient.ts'
import { drawFactors, factorsOf } from './operators/dropout.ts'
import { presenceOf } from './operators/normalization.ts'
import { operators as o } from './operators.ts'
import { allAxes, sizeOf } from './shape.ts'
import { createTape, type Tape, type Value } from './tape.ts'

type Build = (tape: Tape, inputs: readonly Value[]) => Value
type Inputs = (size: number, input: number) => number[]
interface Case {
  readonly shapes: readonly (readonly number[])[]
  readonly build: Build
  readonly inputs?: Inputs
  /** Operators that ONNX Runtime computes in float32 alone. */
  readonly single?: true
}

const random = createRandom(7)
const normals: Inputs = (size) => Array.from({ length: size }, () => random.normal())
const positive: Inputs = (size) => Array.from({ length: size }, () => Math.abs(random.normal()) + 0.5)
/** Values whose order, sign and side of 0.75 a small step does not change. */
const spaced: Inputs = (size, input) =>
  Array.from(random.permutation(size), (rank) => (rank - size / 2) * 0.06 + 0.013 + input * 0.03)
const double = (shapes: Case['shapes'], build: Build, inputs?: Inputs): Case =>
  inputs ? { shapes, build, inputs } : { shapes, build }
const single = (shapes: Case['shapes'], build: Build, inputs?: Inputs): Case => ({
  ...double(shapes, build, inputs),
  single: true,
})
const on =
  (build: (tape: Tape, a: Value) => Value): Build =>
  (tape, [a]) =>
    build(tape, a!)
const on2 =
  (build: (tape: Tape, a: Value, b: Value) => Value): Build =>
  (tape, [a, b]) =>
    build(tape, a!, b!)
const matrix = [4, 5]
const image = [2, 4, 6, 6]

function convolution(x: readonly number[], filters: readonly number[], options: Parameters<typeof o.convolve>[4]) {
  return single([x, filters, [filters[0]!]], (tape, [a, b, c]) => o.convolve(tape, a!, b!, c, options))
}
const rowWeights = (tape: Tape, values: number[]) => tape.constant(tape.real, [values.length], values)
const batchNorm: Build = (tape, [x, gain, shift]) => {
  const { output } = o.batchNorm(tape, x!, gain!, shift!, presenceOf(tape, rowWeights(tape, [1, 2, 1, 0])))
  return o.multiply(tape, output, rowWeightsLike(tape, x!))
}
/** 0 for the last of four rows, which only fills up the batch. */
const rowWeightsLike = (tape: Tape, x: Value) =>
  tape.constant(tape.real, [4, ...x.shape.slice(1).map(() => 1)], [1, 1, 1, 0])

const cases: Record<keyof typeof o, readonly Case[]> = {
  add: [double([matrix, [5]], on2(o.add))],
  subtract: [double([matrix, [4, 1]], on2(o.subtract))],
  multiply: [
    double(
      [
        [2, ...matrix],
        [4, 1],
      ],
      on2(o.multiply),
    ),
  ],
  divide: [double([matrix, [5]], on2(o.divide), positive)],
  maximum: [double([matrix, matrix], on2(o.maximum), spaced)],
  minimum: [double([matrix, matrix], on2(o.minimum), spaced)],
  negate: [double([matrix], on(o.negate))],
  scale: [
    double(
      [matrix],
      on((tape, a) => o.scale(tape, a, -1.5)),
    ),
  ],
  where: [
    double(
      [matrix, [5]],
      on2((tape, a, b) => o.where(tape, tape.constant('bool', [4, 1], [1, 0, 0, 1]), a, b)),
    ),
  ],
  largest: [
    double(
      [image],
      on((tape, a) => o.largest(tape, a, 1)),
      spaced,
    ),
  ],
  exp: [double([matrix], on(o.exp))],
  log: [double([matrix], on(o.log), positive)],
  sqrt: [double([matrix], on(o.sqrt), positive)],
  power: [
    double(
      [matrix],
      on((tape, a) => o.power(tape, a, 2.5)),
      positive,
    ),
    double(
      [matrix],
      on((tape, a) => o.power(tape, a, 3)),
    ),
  ],
  tanh: [double([matrix], on(o.tanh))],
  sigmoid: [double([matrix], on(o.sigmoid))],
  softplus: [double([matrix], on(o.softplus))],
  erf: [single([matrix], on(o.erf))],
  gelu: [single([matrix], on(o.gelu))],
  abs: [double([matrix], on(o.abs), spaced)],
  relu: [double([matrix], on(o.relu), spaced)],
  leakyRelu: [
    double(
      [matrix],
      on((tape, a) => o.leakyRelu(tape, a, 0.2)),
      spaced,
    ),
  ],
  clip: [
    double(
      [matrix],
      on((tape, a) => o.clip(tape, a, -0.2, 0.3)),
      spaced,
    ),
  ],
  sum: [
    double(
      [[3, 4, 5]],
      on((tape, a) => o.sum(tape, a, [0, 2])),
    ),
  ],
  mean: [
    double(
      [[3, 4, 5]],
      on((tape, a) => o.mean(tape, a, [1], true)),
    ),
    double(
      [[3, 4, 5]],
      on((tape, a) => o.mean(tape, a, [0, 1])),
    ),
  ],
  expand: [
    double(
      [[1, 5]],
      on((tape, a) => o.expand(tape, a, [3, 4, 5])),
    ),
  ],
  reshape: [
    double(
      [[4, 6]],
      on((tape, a) => o.reshape(tape, a, [2, 12])),
    ),
  ],
  transpose: [
    double(
      [[2, 3, 4]],
      on((tape, a) => o.transpose(tape, a, [2, 0, 1])),
    ),
  ],
  concat: [
    double(
      [
        [2, 3],
        [2, 4],
      ],
      (tape, parts) => o.concat(tape, parts, 1),
    ),
  ],
  split: [
    double(
      [[2, 7]],
      on((tape, a) => {
        const [first, , third] = o.split(tape, a, 1, [3, 1, 3])
        return o.multiply(tape, first!, third!)
      }),
    ),
  ],
  slice: [
    double(
      [[3, 7, 2]],
      on((tape, a) => o.slice(tape, a, 1, 2, 6)),
    ),
  ],
  pad: [
    double(
      [[3, 4]],
      on((tape, a) =>
        o.pad(tape, a, [
          [1, 0],
          [2, 3],
        ]),
      ),
    ),
  ],
  gatherRows: [
    double(
      [[5, 3]],
      on((tape, a) => o.gatherRows(tape, a, tape.constant('int64', [2, 2], [2, 0, 2, 4]))),
    ),
  ],
  product: [
    double(
      [
        [4, 5],
        [5, 3],
      ],
      on2(o.product),
    ),
    double(
      [
        [5, 4],
        [5, 3],
      ],
      on2((tape, a, b) => o.product(tape, a, b, true)),
    ),
    double(
      [
        [4, 5],
        [3, 5],
      ],
      on2((tape, a, b) => o.product(tape, a, b, false, true)),
    ),
    double(
      [
        [5, 4],
        [3, 5],
      ],
      on2((tape, a, b) => o.product(tape, a, b, true, true)),
    ),
  ],
  affine: [double([[4, 5], [5, 3], [3]], (tape, [x, w, b]) => o.affine(tape, x!, w!, b!))],
  batchedProduct: [
    double(
      [
        [2, 3, 4, 5],
        [2, 3, 5, 2],
      ],
      on2(o.batchedProduct),
    ),
    double(
      [
        [3, 4, 5],
        [5, 2],
      ],
      on2(o.batchedProduct),
    ),
  ],
  softmax: [double([matrix], on(o.softmax))],
  logSoftmax: [double([[2, 3, 4]], on(o.logSoftmax))],
  convolve: [
    convolution([2, 3, 6, 6], [4, 3, 3, 3], { padding: 1 }),
    convolution([2, 3, 7, 8], [4, 3, 3, 3], { padding: 1, stride: 2 }),
    convolution([2, 3, 8, 8], [4, 3, 3, 3], { padding: 1, stride: 3 }),
    convolution([2, 3, 8, 8], [4, 3, 3, 3], { padding: 2, dilation: 2 }),
    convolution([2, 3, 9, 8], [2, 3, 3, 2], { padding: 1, stride: 2, dilation: 2 }),
    convolution([2, 1, 8, 8], [4, 1, 5, 5], {}),
    convolution([2, 4, 7, 7], [6, 2, 3, 3], { padding: 1, stride: 2, groups: 2 }),
    convolution(image, [4, 1, 3, 3], { padding: 1, groups: 4 }),
    convolution(image, [8, 1, 3, 3], { groups: 4 }),
  ],
  maxPool: [
    single(
      [image],
      on((tape, x) => o.maxPool(tape, x, { size: 2 })),
      spaced,
    ),
    single(
      [image],
      on((tape, x) => o.maxPool(tape, x, { size: 3, stride: 2, padding: 1 })),
      spaced,
    ),
    single(
      [image],
      on((tape, x) => o.maxPool(tape, x, { size: 3, stride: 1 })),
      spaced,
    ),
  ],
  averagePool: [
    single(
      [image],
      on((tape, x) => o.averagePool(tape, x, { size: 2 })),
    ),
    single(
      [[2, 4, 7, 8]],
      on((tape, x) => o.averagePool(tape, x, { size: 3, stride: 2, padding: 1 })),
    ),
    single(
      [[2, 4, 7, 8]],
      on((tape, x) => o.averagePool(tape, x, { size: 3, stride: 2, padding: 1 }, false)),
    ),
  ],
  globalAveragePool: [double([[2, 3, 4, 4]], on(o.globalAveragePool))],
  layerNorm: [double([[2, 3, 6], [6], [6]], (tape, [x, gain, shift]) => o.layerNorm(tape, x!, gain!, shift!))],
  batchNorm: [double([[4, 3], [3], [3]], batchNorm), double([[4, 3, 3, 2], [3], [3]], batchNorm)],
  fakeQuantize: [],
}

/** The loss is the sum of the outputs times fixed numbers; gradients come beside it. */
function lossGraph({ shapes, build, single: narrow }: Case): Uint8Array {
  const tape = createTape(createGraph('check'), narrow ? 'float' : 'double')
  const inputs = shapes.map((shape, index) => tape.input(`x${index}`, shape))
  const y = build(tape, inputs)
  const factors = tape.constant(tape.real, y.shape, normals(sizeOf(y.shape), 0))
  const loss = o.sum(tape, o.multiply(tape, y, factors), allAxes(y.shape))
  const gradients = gradient(tape, loss, inputs)
  gradients.forEach((value, index) => {
    expect(value.shape).toEqual(shapes[index])
    tape.output(`g${index}`, value)
  })
  tape.output('loss', loss)
  return tape.graph.encode()
}

/** Largest difference of the derivative along random directions from a central difference, relative. */
async function worstDifference(one: Case): Promise<number> {
  const session = await onnxSessions(2)(lossGraph(one))
  const tensor = (values: number[], shape: readonly number[]): SessionTensor =>
    one.single
      ? { type: 'float', shape, values: Float32Array.from(values) }
      : { type: 'double', shape, values: Float64Array.from(values) }
  const run = (values: readonly number[][]) =>
    session.run(Object.fromEntries(values.map((each, index) => [`x${index}`, tensor(each, one.shapes[index]!)])))
  const at = one.shapes.map((shape, index) => (one.inputs ?? normals)(sizeOf(shape), index))
  const height = one.single ? 4e-3 : 1e-5
  const base = await run(at)
  let worst = 0
  for (const index of at.keys()) {
    const direction = at[index]!.map(() => (random.uniform() < 0.5 ? -1 : 1))
    const moved = (by: number) =>
      at.map((values, other) => (other === index ? values.map((v, i) => v + by * direction[i]!) : values))
    const [up, down] = [await run(moved(height)), await run(moved(-height))]
    const numeric = (Number(up.loss!.values[0]) - Number(down.loss!.values[0])) / (2 * height)
    const exact = direction.reduce((sum, d, i) => sum + d * Number(base[`g${index}`]!.values[i]), 0)
    worst = Math.max(worst, Math.abs(numeric - exact) / Math.max(1, Math.abs(numeric), Math.abs(exact)))
  }
  await session.release()
  return worst
}

describe('the gradient equals a finite difference', () => {
  for (const [name, list] of Object.entries(cases))
    for (const [index, one] of list.entries())
      test(`${name} ${index}`, async () => {
        // Central differences: h² of curvature plus rounding / h; float32 leaves three digits.
        expect(await worstDifference(one)).toBeLessThan(one.single ? 1e-2 : 1e-7)
      })
})

async function evaluate(build: (tape: Tape) => Readonly<Record<string, Value>>, threads = 1) {
  const tape = createTape(createGraph('evaluate'))
  for (const [name, value] of Object.entries(build(tape))) tape.output(name, value)
  const session = await onnxSessions(threads)(tape.graph.encode())
  const outputs = await session.run({})
  await session.release()
  return Object.fromEntries(Object.entries(outputs).map(([name, { values }]) => [name, Array.from(values, Number)]))
}

test('softplus is exact at zero and does not overflow', async () => {
  const { y, g } = await evaluate((tape) => {
    const a = tape.constant('float', [3], [0, 200, -200])
    const y = o.softplus(tape, a)
    return { y, g: gradient(tape, o.sum(tape, y, [0]), [a])[0]! }
  })
  expect(y).toEqual([Math.fround(Math.LN2), 200, 0])
  expect(g).toEqual([0.5, 1, 0])
})

test('fake quantization rounds to steps of max / 127 and passes the gradient through', async () => {
  const { y, g, zero } = await evaluate((tape) => {
    const a = tape.constant('float', [4], [127, -63.4, 0.4, 0.6])
    const y = o.fakeQuantize(tape, a)
    const zero = o.fakeQuantize(tape, tape.constant('float', [1], [0]))
    return { y, zero, g: gradient(tape, o.sum(tape, o.scale(tape, y, 3), [0]), [a])[0]! }
  })
  expect(y).toEqual([127, -63, 0, 1])
  expect(g).toEqual([3, 3, 3, 3])
  expect(zero).toEqual([0])
})

test('dropout draws the share asked for, anew with seed, layer and position, and the same again', async () => {
  const size = 40_000
  const drawn = (seed: number, layer: number) => {
    const factors = new Float32Array(size)
    drawFactors(factors, { share: 0.3, layer }, seed)
    return Array.from(factors)
  }
  const first = drawn(1, 0)
  const others = [drawn(2, 0), drawn(1, 1), [...first.slice(1), first[0]!]]
  const kept = (values: readonly number[]) => values.filter((value) => value > 0).length / size
  // Standard error of a share of 0.3 over 40,000 draws: 0.0023; of the share of pairs, 0.0025.
  expect(Math.abs(kept(first) - 0.7)).toBeLessThan(0.01)
  expect(first.find((value) => value > 0)).toBeCloseTo(1 / 0.7, 6)
  for (const other of others) {
    expect(Math.abs(kept(other) - 0.7)).toBeLessThan(0.01)
    expect(Math.abs(kept(first.map((value, i) => value * other[i]!)) - 0.49)).toBeLessThan(0.011)
  }
  for (const [seed, layer, threads] of [
    [1, 0, 2],
    [2 ** 31 - 1, 7, 1],
  ] as const) {
    const draw = { shape: [400, 100], share: 0.3, layer }
    const graph = (tape: Tape) => ({ y: factorsOf(tape, () => tape.constant('int64', [], [seed]))(draw) })
    expect((await evaluate(graph, threads)).y).toEqual(drawn(seed, layer))
  }
})

test('an embedding row that occurs often adds its gradients in order, whatever the threads', async () => {
  const rows = 3_000
  const random = createRandom(3)
  const gradients = Float32Array.from({ length: rows * 8 }, () => random.normal() * 10 ** (random.integer(6) - 3))
  const picks = Array.from({ length: rows }, () => random.integer(4))
  const build = (tape: Tape) => {
    const table = tape.constant('float', [4, 8], new Float32Array(32))
    const chosen = o.gatherRows(tape, table, tape.constant('int64', [rows], picks))
    const loss = o.sum(tape, o.multiply(tape, chosen, tape.constant('float', [rows, 8], gradients)), [0, 1])
    return { g: gradient(tape, loss, [table])[0]! }
  }
  const expected = new Float32Array(32)
  picks.forEach((pick, row) => {
    for (let k = 0; k < 8; k++) expected[pick * 8 + k]! += gradients[row * 8 + k]!
  })
  for (const threads of [1, 2]) expect((await evaluate(build, threads)).g).toEqual([...expected])
})

test('operators of any two shapes that broadcast have the gradient of a finite difference', async () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 })
  const kinds = fc.constantFrom(o.add, o.subtract, o.multiply)
  const thinned = fc.record({
    full: lengths,
    ones: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
    drop: fc.nat(3),
    kind: kinds,
    first: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(thinned, async ({ full, ones, drop, kind, first }) => {
      const thin = full.map((length, axis) => (ones[axis] ? 1 : length)).slice(Math.min(drop, full.length))
      const shapes = first ? [thin, full] : [full, thin]
      expect(await worstDifference(double(shapes, on2(kind)))).toBeLessThan(1e-7)
    }),
    { numRuns: 40, seed: 1 },
  )
})
