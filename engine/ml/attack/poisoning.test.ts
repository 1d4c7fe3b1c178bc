import fc from 'fast-check'
import { expect, test } from 'vitest'
import { attackGolden, rowsOf } from '../../../bench/parity/attack-victims.ts'
import { largestDifference } from '../../../bench/parity/read-golden.ts'
import { rowOf } from '../explain/score-rows.ts'
import { fitLogistic } from '../linear/logistic.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { flipLabels } from './flip-labels.ts'
import { linearVictim } from './linear-victim.ts'
import { plantBackdoor, stampTrigger, triggerSuccess } from './plant-backdoor.ts'
import { judgeSuspects, spectralSignatures } from './spectral-signatures.ts'
import { predictedClasses } from './victim.ts'

const { network, spectral } = attackGolden

/** Two clouds apart along the first columns; the last column is nearly still. */
function clouds(rows: number, seed: number): { x: Matrix; classOf: Int32Array } {
  const random = createRandom(seed)
  const x = matrix(rows, 6)
  const classOf = Int32Array.from({ length: rows }, (_, row) => row % 2)
  for (let row = 0; row < rows; row++) {
    const own = rowOf(x, row)
    for (let j = 0; j < 6; j++) own[j] = random.normal() + (j < 2 ? 1.2 * (2 * classOf[row]! - 1) : 0)
    own[5]! *= 0.2
  }
  return { x, classOf }
}
const learn = (x: Matrix, classOf: ArrayLike<number>) => linearVictim(fitLogistic(x, classOf, 2, { penalty: 0.1 }))
const accuracy = async (victim: ReturnType<typeof learn>, x: Matrix, classOf: Int32Array) =>
  (await predictedClasses(victim, x)).filter((seen, row) => seen === classOf[row]).length / x.rows

test('flips are of the right number and kind, the same for the same seed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
      (classOf, share, from, to) => {
        const options = { share, seed: 1, ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
        const { classOf: poisoned, flipped } = flipLabels(classOf, 4, options)
        const open = classOf.filter((own) => own !== to && (from === undefined || own === from))
        expect(flipped.length).toBe(Math.round(share * open.length))
        const rows = new Set(flipped)
        classOf.forEach((own, row) => {
          if (!rows.has(row)) return expect(poisoned[row]).toBe(own)
          expect(poisoned[row]).not.toBe(own)
          if (to !== undefined) expect(poisoned[row]).toBe(to)
          if (from !== undefined) expect(own).toBe(from)
        })
        expect(flipLabels(classOf, 4, options)).toEqual({ classOf: poisoned, flipped })
      },
    ),
  )
})

test('harmful flips harm a model more than random ones', async () => {
  const [{ x, classOf }, fresh] = [clouds(400, 1), clouds(1_000, 2)]
  const clean = learn(x, classOf)
  const chances = (await clean.predict(x)) as Float64Array
  const harm = Array.from(classOf, (own, row) => chances[2 * row + own]!)
  const after = (labels: Int32Array) => accuracy(learn(x, labels), fresh.x, fresh.classOf)
  const random = await after(flipLabels(classOf, 2, { share: 0.3, seed: 5 }).classOf)
  const harmful = await after(flipLabels(classOf, 2, { share: 0.3, harm }).classOf)
  expect(await accuracy(clean, fresh.x, fresh.classOf)).toBeGreaterThan(0.9)
  expect(harmful).toBeLessThan(random - 0.1)
})

test('a share or a number of classes that can not be is refused', () => {
  expect(() => flipLabels([0, 1], 2, { share: 1.1 })).toThrow(RangeError)
  expect(() => flipLabels([0, 0], 1, { share: 0.5 })).toThrow(RangeError)
  expect(() => flipLabels([0, 1], 2, { share: 1, harm: [1] })).toThrow(RangeError)
  const { x, classOf } = clouds(4, 1)
  expect(() => spectralSignatures(x, classOf, { share: 2 })).toThrow(RangeError)
  const trigger = [{ column: 9, value: 1 }]
  expect(() => plantBackdoor(x, classOf, { share: Number.NaN, trigger, target: 1 })).toThrow(RangeError)
  expect(() => plantBackdoor(x, classOf, { share: 1, trigger, target: 1 })).toThrow(RangeError)
})

test('a planted trigger is obeyed, is hardly seen without it, and its rows are found by their spectrum', async () => {
  const [{ x, classOf }, fresh] = [clouds(600, 3), clouds(600, 4)]
  const door = { trigger: [{ column: 4, value: 8 }], target: 1, share: 0.05, seed: 2 }
  const { rows, classOf: labels, planted } = plantBackdoor(x, classOf, door)
  expect(planted.length).toBe(30)
  for (const row of planted) {
    expect([classOf[row], labels[row], rowOf(rows, row)[4]]).toEqual([0, 1, 8])
    expect([...rowOf(rows, row).subarray(0, 4)]).toEqual([...rowOf(x, row).subarray(0, 4)])
  }
  const [clean, poisoned] = [learn(x, classOf), learn(rows, labels)]
  expect(await triggerSuccess(clean, fresh.x, fresh.classOf, door)).toBeLessThan(0.2)
  expect(await triggerSuccess(poisoned, fresh.x, fresh.classOf, door)).toBeGreaterThan(0.9)
  expect(await accuracy(poisoned, fresh.x, fresh.classOf)).toBeGreaterThan(
    (await accuracy(clean, fresh.x, fresh.classOf)) - 0.04,
  )
  const { suspects } = spectralSignatures(rows, labels, { share: 0.1 })
  const ofTarget = suspects.filter((row) => labels[row] === 1)
  expect(judgeSuspects(ofTarget, planted).recall).toBeGreaterThan(0.95)
  const kept = [...labels.keys()].filter((row) => !suspects.includes(row))
  const cleaned = learn(
    rowsOf(
      kept.flatMap((row) => [...rowOf(rows, row)]),
      6,
    ),
    kept.map((row) => labels[row]!),
  )
  expect(await triggerSuccess(cleaned, fresh.x, fresh.classOf, door)).toBeLessThan(0.3)
})

test('scores equal NumPy’s singular vectors', () => {
  const x = rowsOf(spectral.x, spectral.columns)
  const { scores } = spectralSignatures(x, new Uint8Array(x.rows))
  expect(largestDifference(scores, spectral.scores)).toBeLessThan(1e-9)
})

test('scores do not depend on order of rows or units of the whole, and small classes have none', () => {
  const x = rowsOf(network.x, network.inputs)
  const { scores } = spectralSignatures(x, network.classOf)
  const back = matrix(x.rows, x.columns)
  for (let row = 0; row < x.rows; row++) rowOf(back, x.rows - 1 - row).set(rowOf(x, row).map((cell) => 3 * cell))
  const other = spectralSignatures(back, network.classOf.toReversed())
  expect(
    largestDifference(
      [...other.scores].reverse(),
      scores.map((score) => 9 * score),
    ),
  ).toBeLessThan(1e-9)
  const tiny = spectralSignatures(rowsOf([1, 2, 3, 4], 1), [0, 0, 1, 1])
  expect([...tiny.scores, ...tiny.suspects]).toEqual([0, 0, 0, 0])
  expect(spectralSignatures(matrix(0, 3), [])).toEqual({ scores: new Float64Array(), suspects: new Uint32Array() })
  const still = spectralSignatures(matrix(4, 2), [0, 0, 0, 0], { share: 0.2 })
  expect([...still.scores]).toEqual([0, 0, 0, 0])
})

test('nothing to plant, nothing to stamp, no victim to obey', async () => {
  const { x } = clouds(4, 1)
  const door = { trigger: [{ column: 0, value: 5 }], target: 1, share: 0.5 }
  const all = plantBackdoor(x, [1, 1, 1, 1], door)
  expect(all.planted.length).toBe(0)
  expect(all.rows.values).toEqual(x.values)
  expect(stampTrigger(x, []).values).toEqual(x.values)
  expect(await triggerSuccess(learn(x, [0, 1, 0, 1]), x, [1, 1, 1, 1], door)).toBeNaN()
})
