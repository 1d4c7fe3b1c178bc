/** What the rows of each cell of a table add up to. */
export interface CellSums {
  readonly gradients: Float64Array
  readonly hessians: Float64Array
  readonly counts: Float64Array
}

interface Piece {
  readonly from: number
  readonly to: number
  readonly gradient: number
  readonly hessian: number
  readonly count: number
}
interface Cut {
  readonly gain: number
  readonly left: Piece
  readonly right: Piece
}

const worth = ({ gradient, hessian }: Piece) => (hessian > 0 ? (gradient * gradient) / hessian : 0)
const optimum = ({ gradient, hessian }: Piece) => (hessian > 0 ? -gradient / hessian : 0)

/**
 * The step function of at most `leaves` pieces over ordered cells that lowers the second-order loss most, cut greedily where the
 * gain is largest; the last cell, of missing values, is a piece of its own.
 */
export function bestSteps(sums: CellSums, leaves: number, minRows: number): Float64Array {
  const last = sums.gradients.length - 1
  const pieces = [pieceOf(sums, 0, last)]
  while (pieces.length < leaves) {
    let best: Cut | undefined
    let at = -1
    pieces.forEach((piece, index) => {
      const cut = bestCut(sums, piece, minRows)
      if (!cut || (best && cut.gain <= best.gain)) return
      best = cut
      at = index
    })
    if (!best) break
    pieces.splice(at, 1, best.left, best.right)
  }
  const step = new Float64Array(last + 1)
  for (const piece of pieces) step.fill(optimum(piece), piece.from, piece.to)
  step[last] = optimum(pieceOf(sums, last, last + 1))
  return step
}

function pieceOf({ gradients, hessians, counts }: CellSums, from: number, to: number): Piece {
  const piece = { from, to, gradient: 0, hessian: 0, count: 0 }
  for (let cell = from; cell < to; cell++) {
    piece.gradient += gradients[cell]!
    piece.hessian += hessians[cell]!
    piece.count += counts[cell]!
  }
  return piece
}

function bestCut({ gradients, hessians, counts }: CellSums, piece: Piece, minRows: number): Cut | undefined {
  let best: Cut | undefined
  let gain = 1e-12 * worth(piece)
  let [gradient, hessian, count] = [0, 0, 0]
  for (let cell = piece.from; cell < piece.to - 1; cell++) {
    gradient += gradients[cell]!
    hessian += hessians[cell]!
    count += counts[cell]!
    if (counts[cell] === 0 || count < minRows || piece.count - count < minRows) continue
    const left = { from: piece.from, to: cell + 1, gradient, hessian, count }
    const right = {
      ...{ from: cell + 1, to: piece.to, count: piece.count - count },
      ...{ gradient: piece.gradient - gradient, hessian: piece.hessian - hessian },
    }
    const own = worth(left) + worth(right) - worth(piece)
    if (own <= gain) continue
    gain = own
    best = { gain, left, right }
  }
  return best
}
