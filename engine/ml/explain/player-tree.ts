import type { Matrix } from '../matrix.ts'
import { playersOf } from './masked-game.ts'
import type { PlayerTree } from './partition-shap.ts'

/**
 * A tree of features that go together: average linkage (Sokal & Michener 1958) on the gaps 1 - |r| of Pearson's
 * correlation over the rows where both are known; the nearest columns of two sources count. Of equal gaps the first
 * pair is joined. As scipy's linkage(method="average") on the same gaps.
 */
export function playerTree(table: Matrix, sources: readonly string[]): PlayerTree {
  const { names, of } = playersOf(sources)
  const gaps = playerGaps(table, of, names.length)
  const alive = names.map((_, player) => ({ number: player, size: 1, at: player }))
  const merges: [number, number][] = []
  while (alive.length > 1) {
    let [first, second] = [0, 1]
    for (let a = 0; a < alive.length; a++)
      for (let b = a + 1; b < alive.length; b++)
        if (gaps[alive[a]!.at]![alive[b]!.at]! < gaps[alive[first]!.at]![alive[second]!.at]!) [first, second] = [a, b]
    const [one, other] = [alive[first]!, alive[second]!]
    for (const { at } of alive) {
      const mean = (one.size * gaps[one.at]![at]! + other.size * gaps[other.at]![at]!) / (one.size + other.size)
      gaps[one.at]![at] = mean
      gaps[at]![one.at] = mean
    }
    merges.push(one.number < other.number ? [one.number, other.number] : [other.number, one.number])
    alive[first] = { number: names.length + merges.length - 1, size: one.size + other.size, at: one.at }
    alive.splice(second, 1)
  }
  return merges
}

function playerGaps(table: Matrix, of: Int32Array, players: number): Float64Array[] {
  const gaps = Array.from({ length: players }, () => new Float64Array(players).fill(1))
  for (let i = 0; i < table.columns; i++)
    for (let j = 0; j < i; j++) {
      const [a, b] = [of[i]!, of[j]!]
      const gap = Math.min(gaps[a]![b]!, 1 - Math.abs(correlation(table, i, j)))
      gaps[a]![b] = gap
      gaps[b]![a] = gap
    }
  return gaps
}

/** Pearson's correlation of two columns; 0 where one does not vary. */
function correlation({ rows, columns, values }: Matrix, i: number, j: number): number {
  let [n, meanA, meanB, aa, bb, ab] = [0, 0, 0, 0, 0, 0]
  for (let row = 0; row < rows; row++) {
    const [a, b] = [values[row * columns + i]!, values[row * columns + j]!]
    if (Number.isNaN(a) || Number.isNaN(b)) continue
    n++
    const [gapA, gapB] = [a - meanA, b - meanB]
    meanA += gapA / n
    meanB += gapB / n
    aa += gapA * (a - meanA)
    bb += gapB * (b - meanB)
    ab += gapA * (b - meanB)
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa) / Math.sqrt(bb) : 0
}
