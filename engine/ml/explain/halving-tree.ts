import type { PlayerTree } from './partition-shap.ts'

/**
 * Players in a grid, row-major, by halves: the longer side is cut in the middle until cells are alone. A line of words is
 * a grid of one row. As shap's partitions of texts and pictures, but without a look at punctuation.
 */
export function halvingTree(rows: number, columns: number): PlayerTree {
  const merges: (readonly [number, number])[] = []
  const build = (top: number, left: number, height: number, width: number): number => {
    if (height * width === 1) return top * columns + left
    const across = width >= height
    const half = Math.ceil((across ? width : height) / 2)
    const first = across ? build(top, left, height, half) : build(top, left, half, width)
    const second = across
      ? build(top, left + half, height, width - half)
      : build(top + half, left, height - half, width)
    merges.push([first, second])
    return rows * columns + merges.length - 1
  }
  if (rows * columns > 0) build(0, 0, rows, columns)
  return merges
}
