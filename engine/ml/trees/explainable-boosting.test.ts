import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '#contract'
import { readGolden } from '../../../bench/parity/read-golden.ts'
import { createRandom } from '../random/random.ts'
import { additiveLosses } from './additive-losses.ts'
import { type AdditiveModel, additiveMargins, purify } from './additive-model.ts'
import { bestSteps } from './best-steps.ts'
import { explainableBoost, explainableDefaults } from './explainable-boosting.ts'
import { crossCut } from './fast-pairs.ts'

const rows = 3_000
const random = createRandom(8)
const columns = Array.from({ length: 5 }, (_, f) =>
  Float64Array.from({ length: rows }, () =>
    f === 1 && random.uniform() < 0.1 ? Number.NaN : 4 * random.uniform() - 2,
  ),
)
const truth = Float64Array.from({ length: rows }, (_, row) => {
  const [a, b, c, d] = columns.map((column) => column[row]!)
  return Math.sin(2 * a!) + (Number.isNaN(b!) ? 1.5 : Math.abs(b!)) + c! * d!
})
const numbers = truth.map((value) => value + 0.2 * random.normal())
const binary = truth.map((value) => (random.uniform() < 1 / (1 + Math.exp(2 - 2 * value)) ? 1 : 0))
const part = (labels: Float64Array, from: number, to: number) => ({
  columns: columns.map((column) => column.slice(from, to)),
  labels: labels.slice(from, to),
})
const train = (labels: Float64Array, loss: keyof typeof additiveLosses, more = {}) =>
  explainableBoost(
    { train: part(labels, 0, 1_600), validation: part(labels, 1_600, 2_200) },
    { ...explainableDefaults, loss: additiveLosses[loss], rounds: 600, pairs: 2, ...more },
  )
const held = part(numbers, 2_200, rows)
const heldTruth = truth.slice(2_200)
const gap = (model: AdditiveModel) => {
  const margins = additiveMargins(model, held.columns, 800)
  return Math.sqrt(margins.reduce((sum, value, row) => sum + (value - heldTruth[row]!) ** 2, 0) / 800)
}

describe('a model of numbers', () => {
  const model = train(numbers, 'squared')

  test('comes close to the truth on new rows, and pairs are needed for that', () => {
    expect(gap(model)).toBeLessThan(0.3)
    expect(gap(train(numbers, 'squared', { pairs: 0 }))).toBeGreaterThan(1)
  })

  test('finds the planted pair first and draws each effect', () => {
    expect(model.pairs[0]!.features).toEqual([2, 3])
    const alone = (feature: number, value: number) =>
      additiveMargins(
        { ...model, intercept: 0, pairs: [] },
        columns.map((_, f) => Float64Array.of(f === feature ? value : 0)),
        1,
      )[0]!
    const rise = (feature: number, from: number, to: number) => alone(feature, to) - alone(feature, from)
    expect(rise(0, -0.785, 0.785)).toBeCloseTo(2, 0)
    expect(rise(1, 0, 1.8)).toBeCloseTo(1.8, 0)
    expect(rise(1, 0, Number.NaN)).toBeCloseTo(1.5, 0)
    expect(Math.abs(rise(4, -1.5, 1.5))).toBeLessThan(0.2)
  })

  test('tables have mean 0, pairs along every row and column', () => {
    for (const { values, cover } of model.mains)
      expect(values.reduce((sum, value, bin) => sum + value * cover[bin]!, 0) / 1_600).toBeCloseTo(0, 9)
    for (const { values, cover, bounds } of model.pairs) {
      const width = bounds[1].length + 2
      const sums = new Float64Array(width)
      values.forEach((value, at) => {
        sums[at % width]! += value * cover[at]!
      })
      for (const sum of sums) expect(sum / 1_600).toBeCloseTo(0, 9)
    }
  })
})

test('classes: the log loss comes near the true one, and pairs are needed for that', () => {
  const { mean } = additiveLosses.logistic
  const labels = binary.slice(2_200)
  const own = mean(additiveMargins(train(binary, 'logistic'), held.columns, 800), labels)
  const best = mean(
    heldTruth.map((value) => 2 * value - 2),
    labels,
  )
  expect(own).toBeLessThan(best + 0.06)
  expect(mean(additiveMargins(train(binary, 'logistic', { pairs: 0 }), held.columns, 800), labels)).toBeGreaterThan(
    own + 0.05,
  )
})

test('rising transforms of the columns change no training prediction', () => {
  const few = { columns: columns.map((column) => column.slice(0, 250)), labels: numbers.slice(0, 250) }
  const options = { ...explainableDefaults, loss: additiveLosses.squared, rounds: 25, pairs: 1 }
  const bent = { ...few, columns: few.columns.map((column) => column.map(Math.exp)) }
  const a = additiveMargins(explainableBoost({ train: few }, options), few.columns, 250)
  const b = additiveMargins(explainableBoost({ train: bent }, options), bent.columns, 250)
  for (let row = 0; row < 250; row++) expect(a[row]!).toBeCloseTo(b[row]!, 9)
})

test('weights are repetitions', () => {
  const times = Float64Array.from({ length: 200 }, (_, row) => row % 3)
  const base = { columns: columns.map((column) => column.slice(0, 200)), labels: numbers.slice(0, 200) }
  const spread = (values: Float64Array) =>
    Float64Array.from([...values].flatMap((value, row) => Array<number>(row % 3).fill(value)))
  // bins come from the rows themselves, so both see the same values
  const kept = (values: Float64Array) => values.filter((_, row) => times[row]! > 0)
  const weighted = { columns: base.columns.map(kept), labels: kept(base.labels), weights: kept(times) }
  const repeated = { columns: base.columns.map(spread), labels: spread(base.labels) }
  const options = { ...explainableDefaults, loss: additiveLosses.squared, rounds: 10, pairs: 0, minRows: 0 }
  const a = additiveMargins(explainableBoost({ train: weighted }, options), base.columns, 200)
  const b = additiveMargins(explainableBoost({ train: repeated }, options), base.columns, 200)
  for (let row = 0; row < 200; row++) expect(a[row]!).toBeCloseTo(b[row]!, 9)
})

test('purifying moves effects between tables and changes no prediction', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const draw = createRandom(seed)
      const values = (length: number) => Float64Array.from({ length }, () => draw.normal())
      const cover = (length: number) => Float64Array.from({ length }, () => draw.integer(4))
      const fine = Float64Array.of(-1, 0, 1)
      const coarse = Float64Array.of(0)
      const model: AdditiveModel = {
        intercept: 2,
        mains: [0, 1].map((feature) => ({ feature, bounds: fine, values: values(5), cover: cover(5) })),
        pairs: [{ features: [0, 1], bounds: [coarse, fine], values: values(15), cover: cover(15) }],
      }
      const inputs = [0, 1].map(() =>
        Float64Array.from({ length: 40 }, () => (draw.uniform() < 0.2 ? Number.NaN : 2 * draw.normal())),
      )
      const before = additiveMargins(model, inputs, 40)
      const after = additiveMargins(purify(model), inputs, 40)
      for (let row = 0; row < 40; row++) expect(after[row]!).toBeCloseTo(before[row]!, 9)
    }),
    { numRuns: 40 },
  )
})

const cellSums = (seed: number, size: number) => {
  const draw = createRandom(seed)
  const counts = Float64Array.from({ length: size }, () => draw.integer(5))
  return { counts, hessians: counts.slice(), gradients: counts.map((count) => count * draw.normal()) }
}

test('the cross cut gains what the best of all cuts gains, by adding up cells', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const sums = cellSums(seed, 5 * 6)
      const worth = (inside: (r: number, c: number) => boolean) => {
        let [g, h] = [0, 0]
        for (let r = 0; r < 4; r++)
          for (let c = 0; c < 5; c++)
            if (inside(r, c)) {
              g += sums.gradients[r * 6 + c]!
              h += sums.hessians[r * 6 + c]!
            }
        return { h, gain: h > 0 ? (g * g) / h : 0 }
      }
      let best = 0
      for (let i = 1; i < 4; i++)
        for (let j = 1; j < 5; j++) {
          const four = [0, 1, 2, 3].map((q) => worth((r, c) => r < i === q < 2 && c < j === (q % 2 === 0)))
          if (four.some(({ h }) => h < 2)) continue
          const two = (cut: (r: number, c: number) => boolean) => worth(cut).gain + worth((r, c) => !cut(r, c)).gain
          const alone = Math.max(
            two((r) => r < i),
            two((_, c) => c < j),
          )
          best = Math.max(best, four.reduce((sum, { gain }) => sum + gain, 0) - alone)
        }
      expect(crossCut(sums, [5, 6], 2).gain).toBeCloseTo(best, 9)
    }),
    { numRuns: 40 },
  )
})

test('two pieces are the best two, and a step on missing values stands alone', () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const sums = cellSums(seed, 9)
      const step = bestSteps(sums, 2, 1)
      const loss = (own: Float64Array) =>
        own
          .slice(0, 8)
          .reduce((sum, v, cell) => sum + sums.gradients[cell]! * v + 0.5 * sums.hessians[cell]! * v * v, 0)
      let best = 0
      for (let cut = 1; cut <= 8; cut++) {
        const piece = (from: number, to: number) => {
          const add = (values: Float64Array) => values.slice(from, to).reduce((sum, value) => sum + value, 0)
          const [g, h] = [add(sums.gradients), add(sums.hessians)]
          return h > 0 ? (-0.5 * g * g) / h : 0
        }
        best = Math.min(best, piece(0, cut) + piece(cut, 8))
      }
      expect(loss(step)).toBeCloseTo(best, 9)
      const h = sums.hessians[8]!
      expect(step[8]!).toBeCloseTo(h > 0 ? -sums.gradients[8]! / h : 0, 12)
    }),
    { numRuns: 60 },
  )
})

test('several outputs are refused, constant columns and targets give the intercept', () => {
  const flat = { columns: [new Float64Array(30).fill(1)], labels: new Float64Array(30).fill(7) }
  const options = { ...explainableDefaults, loss: additiveLosses.squared, rounds: 5 }
  const model = explainableBoost({ train: flat }, options)
  expect(additiveMargins(model, flat.columns, 30)).toEqual(new Float64Array(30).fill(7))
  const two = { ...additiveLosses.squared, base: () => [0, 0] }
  expect(() => explainableBoost({ train: flat }, { ...options, loss: two })).toThrow(ProblemError)
})

const golden = readGolden<{
  x: (number | null)[][]
  numbers: number[]
  binary: number[]
  train: number
  squared: number[]
  logistic: number[]
  pairs: number[][]
}>('ml-additive')

test.each([
  ['squared', golden.numbers],
  ['logistic', golden.binary],
] as const)('held-out %s loss is no worse than InterpretML’s by half the spread of its seeds', (loss, target) => {
  const pick = (order: ArrayLike<number>) => ({
    columns: golden.x[0]!.map((_, f) => Float64Array.from(order, (row) => golden.x[row]![f] ?? Number.NaN)),
    labels: Float64Array.from(order, (row) => target[row]!),
  })
  const heldOut = pick(Uint32Array.from({ length: 600 }, (_, row) => golden.train + row))
  const own = [0, 1].map((seed) => {
    const order = createRandom(seed).permutation(golden.train)
    const data = { train: pick(order.subarray(0, 900)), validation: pick(order.subarray(900)) }
    const model = explainableBoost(data, { ...explainableDefaults, loss: additiveLosses[loss], pairs: 2 })
    expect(model.pairs[0]!.features).toEqual([2, 3])
    return additiveLosses[loss].mean(additiveMargins(model, heldOut.columns, 600), heldOut.labels)
  })
  const peers = golden[loss]
  const spread = Math.max(...peers) - Math.min(...peers)
  const mean = own.reduce((sum, value) => sum + value, 0) / own.length
  expect(mean).toBeLessThan(Math.max(...peers) + spread / 2)
  expect(golden.pairs.some((pair) => pair.join() === '2,3')).toBe(true)
})
