import { expect, test } from 'vitest'
import { type Corners, mostCorners } from '#contract'
import { type Selected, takeSelected } from './take-selected.ts'

function taken(selected: Selected, withArea = true) {
  const found: { box?: unknown; corners?: Corners } = {}
  takeSelected(
    {
      choose: (x, y) => {
        found.box = [x, y]
      },
      ...(withArea && {
        chooseArea: (corners: Corners) => {
          found.corners = corners
        },
      }),
    },
    selected,
  )
  return found
}

test('a box is its ends, a lasso an outline, or the box around it where there is none', () => {
  expect(taken({ range: { x: [3, 1], y: [5, 2] } })).toEqual({
    box: [
      [1, 3],
      [2, 5],
    ],
  })
  const lasso = { lassoPoints: { x: [0, 4, 2], y: [0, 1, 5] } }
  expect(taken(lasso)).toEqual({
    corners: [
      [0, 0],
      [4, 1],
      [2, 5],
    ],
  })
  expect(taken(lasso, false)).toEqual({
    box: [
      [0, 4],
      [0, 5],
    ],
  })
  expect(taken({})).toEqual({})
})

test('a long lasso keeps as many corners as an outline may have', () => {
  const x = Array.from({ length: 1_001 }, (_, at) => at)
  const { corners } = taken({ lassoPoints: { x, y: x.map((at) => (at * 7) % 100) } })
  expect(corners!.length).toBeLessThanOrEqual(mostCorners)
  expect(corners!.length).toBeGreaterThan(mostCorners / 2)
  const round = { x: x.map((at) => Math.cos(at / 160)), y: x.map((at) => Math.sin(at / 160)) }
  expect(taken({ lassoPoints: round }).corners!.length).toBeLessThan(50)
})
