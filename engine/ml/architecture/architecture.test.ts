import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { layoutOf, vectorLength } from '../neural/forward.ts'
import { createRandom } from '../random/random.ts'
import { randomSettings } from '../search/random-search.ts'
import { checkSpace } from '../search/space.ts'
import { type ArchitectureFrame, describeNetwork, macroSpace, microSpace } from './architecture-space.ts'
import { jointScore, keepsLimits, paretoFront } from './joint-objective.ts'
import { networkCost } from './network-cost.ts'

const frames: readonly (readonly [string, ArchitectureFrame])[] = [
  ['a table', { inputs: [9], outputs: 3 }],
  [
    'a table with categories',
    { inputs: [6], front: [{ kind: 'columnEmbedding', numbers: 4, levels: [5, 7], width: 3 }], outputs: 2 },
  ],
  ['images', { inputs: [1, 12, 12], outputs: 5 }],
  ['images of three channels and odd sides', { inputs: [3, 7, 9], outputs: 2 }],
]

describe.each(frames)('architectures for %s', (_name, frame) => {
  test.each([
    ['chains', macroSpace(frame)],
    ['cells', microSpace(frame)],
  ])('every setting of the %s is a network with the right outputs', (_kind, { space, network }) => {
    checkSpace(space)
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const drawn = network(randomSettings(space, createRandom(seed)))
        const layout = layoutOf(drawn)
        expect(layout.outputs).toEqual([frame.outputs])
        const cost = networkCost(drawn)
        expect(cost.parameters).toBe(vectorLength(layout.parameters))
        expect(cost.shapes.at(-1)).toEqual([frame.outputs])
        expect(describeNetwork(drawn).split(', ').length).toBeGreaterThan(0)
      }),
      { numRuns: 60 },
    )
  })
})

test('costs are those of the definitions', () => {
  const { parameters, multiplyAdds, bytes } = networkCost({
    inputs: [2, 8, 8],
    layers: [
      { kind: 'convolution', filters: 4, size: 3, padding: 1 },
      { kind: 'maxPool', size: 2 },
      { kind: 'convolution', filters: 4, size: 3, padding: 1, groups: 4 },
      { kind: 'flatten' },
      { kind: 'dense', units: 5 },
    ],
  })
  const weights = [4 * 2 * 9, 4 * 1 * 9, 4 * 4 * 4 * 5] as const
  expect(parameters).toBe(weights[0] + 4 + weights[1] + 4 + weights[2] + 5)
  expect(multiplyAdds).toBe(weights[0] * 64 + weights[1] * 16 + weights[2])
  expect(bytes).toBe(4 * parameters)
})

test('a layer that leaves nothing over is refused', () => {
  expect(() => networkCost({ inputs: [1, 3, 3], layers: [{ kind: 'convolution', filters: 2, size: 5 }] })).toThrow(
    RangeError,
  )
})

describe('the joint objective', () => {
  const figures = fc.record({
    quality: fc.double({ min: -2, max: 1, noNaN: true }),
    bytes: fc.integer({ min: 1, max: 1_000_000 }),
    multiplyAdds: fc.integer({ min: 1, max: 1_000_000 }),
  })
  const limits = { targetBytes: 50_000, targetMultiplyAdds: 80_000 }
  const hard = { mostBytes: 50_000, mostMultiplyAdds: 80_000 }

  test('is the quality within the targets, and falls as a cost passes its own', () => {
    fc.assert(
      fc.property(figures, fc.integer({ min: 1, max: 1_000_000 }), (one, more) => {
        const score = jointScore(one, limits)
        if (keepsLimits(one, hard)) expect(score).toBe(one.quality)
        expect(jointScore({ ...one, bytes: one.bytes + more }, limits)).toBeLessThanOrEqual(score)
        expect(jointScore(one, {})).toBe(one.quality)
      }),
    )
  })

  test('twice the bytes cost five in a hundred, as in the paper', () => {
    expect(jointScore({ quality: 1, bytes: 100_000, multiplyAdds: 1 }, limits)).toBeCloseTo(0.9526, 4)
  })
})

test('the front holds exactly the points nobody beats', () => {
  const point = fc.record({ quality: fc.integer({ min: 0, max: 9 }), cost: fc.integer({ min: 0, max: 9 }) })
  fc.assert(
    fc.property(fc.array(point, { maxLength: 30 }), (points) => {
      const front = paretoFront(points)
      const beats = (a: (typeof points)[number], b: typeof a) =>
        a.quality >= b.quality && a.cost <= b.cost && (a.quality > b.quality || a.cost < b.cost)
      const unbeaten = points.filter((one) => !points.some((other) => beats(other, one)))
      const kept = new Set(front.map((index) => `${points[index]!.quality} ${points[index]!.cost}`))
      expect(kept).toEqual(new Set(unbeaten.map(({ quality, cost }) => `${quality} ${cost}`)))
    }),
  )
})
