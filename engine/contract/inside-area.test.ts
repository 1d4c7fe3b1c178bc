import fc from 'fast-check'
import { expect, test } from 'vitest'
import { areaBox, insideArea } from './inside-area.ts'
import type { Corners } from './row-predicate.ts'

const square: Corners = [
  [0, 0],
  [4, 0],
  [4, 4],
  [0, 4],
]

test('inside, outside, and on the outline, which counts as inside', () => {
  const at = (x: number, y: number) => insideArea(square, x, y)
  expect([at(2, 2), at(5, 2), at(2, -1), at(-1, 4)]).toEqual([true, false, false, false])
  expect([at(0, 0), at(4, 4), at(4, 0), at(0, 2), at(4, 2), at(2, 0), at(2, 4)]).toEqual(Array(7).fill(true))
  expect([at(Number.NaN, 2), at(2, Number.NaN), at(Number.POSITIVE_INFINITY, 2)]).toEqual([false, false, false])
  expect(areaBox(square)).toEqual({ x: [0, 4], y: [0, 4] })
})

test('what an outline goes round twice is outside', () => {
  const star: Corners = [
    [0, 6],
    [4, -6],
    [-6, 2],
    [6, 2],
    [-4, -6],
  ]
  expect(insideArea(star, 0, 0)).toBe(false)
  expect(insideArea(star, 0, 4)).toBe(true)
})

/** Corners around a middle by rising angle: an outline that does not cross itself. */
const simple = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 359 }), fc.integer({ min: 1, max: 40 })), { minLength: 3, maxLength: 12 })
  .map((spokes) =>
    [...new Map(spokes)]
      .sort(([a], [b]) => a - b)
      .map(
        ([angle, length]) =>
          [length * Math.cos((angle * Math.PI) / 180), length * Math.sin((angle * Math.PI) / 180)] as const,
      ),
  )
  .filter((corners) => corners.length > 2)

/** How far a point is from the nearest edge. */
function distance(corners: Corners, x: number, y: number): number {
  const each = corners.map(([bx, by], at) => {
    const [ax, ay] = corners.at(at - 1)!
    const [dx, dy] = [bx - ax, by - ay]
    const share = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    return Math.hypot(x - ax - share * dx, y - ay - share * dy)
  })
  return Math.min(...each)
}

/** How often an outline goes round a point, by the angles it is seen under. */
function windings(corners: Corners, x: number, y: number): number {
  const angles = corners.map(([a, b]) => Math.atan2(b - y, a - x))
  const turns = angles.map((angle, at) => {
    const turn = angle - angles.at(at - 1)!
    return turn > Math.PI ? turn - 2 * Math.PI : turn <= -Math.PI ? turn + 2 * Math.PI : turn
  })
  return Math.round(turns.reduce((sum, turn) => sum + turn, 0) / (2 * Math.PI))
}

test('outlines that do not cross themselves hold what they go round', () => {
  const point = fc.tuple(fc.double({ min: -45, max: 45, noNaN: true }), fc.double({ min: -45, max: 45, noNaN: true }))
  fc.assert(
    fc.property(simple, point, (corners, [x, y]) => {
      fc.pre(distance(corners, x, y) > 1e-9)
      expect(insideArea(corners, x, y)).toBe(windings(corners, x, y) % 2 !== 0)
    }),
  )
})

test('it makes no difference where an outline begins, which way it goes, or where it stands', () => {
  const whole = fc.integer({ min: -20, max: 20 })
  const corners = fc.array(fc.tuple(whole, whole), { minLength: 3, maxLength: 9 })
  fc.assert(
    fc.property(corners, whole, whole, fc.nat(9), whole, (outline, x, y, begin, shift) => {
      const found = insideArea(outline, x, y)
      const turned = [...outline.slice(begin % outline.length), ...outline.slice(0, begin % outline.length)]
      const moved = outline.map(([a, b]) => [a + shift, b - shift] as const)
      expect(insideArea(turned, x, y)).toBe(found)
      expect(insideArea(outline.toReversed(), x, y)).toBe(found)
      expect(insideArea(moved, x + shift, y - shift)).toBe(found)
      expect(
        insideArea(
          outline.map(([a, b]) => [b, a] as const),
          y,
          x,
        ),
      ).toBe(found)
    }),
  )
})
