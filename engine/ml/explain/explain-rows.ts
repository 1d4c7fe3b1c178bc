import type { Matrix } from '../matrix.ts'
import type { Contributions } from './linear-shap.ts'
import { amongSome, gameTable, type MaskedGame, maskedGame, playersThatDiffer } from './masked-game.ts'
import { rowOf, type ScoreRows, scoreAll } from './score-rows.ts'

/** Values of a game's players, with their standard errors where coalitions were drawn. */
export interface Solved {
  readonly values: Float64Array
  readonly errors?: Float64Array
}

/** Solves the game of each row among the players that can matter and puts their values in place. */
export async function explainRows(
  score: ScoreRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  solve: (game: MaskedGame, row: number, players: readonly number[]) => Promise<Solved>,
  onProgress?: (fraction: number) => void,
): Promise<Contributions> {
  const table = await gameTable(score, background, sources)
  const own = await scoreAll(score, x)
  const features = table.players.names
  const values = new Float64Array(x.rows * features.length)
  let errors: Float64Array | undefined
  for (let row = 0; row < x.rows; row++) {
    const cells = rowOf(x, row)
    const chosen = playersThatDiffer(table, cells)
    if (chosen.length > 0) {
      const game = amongSome(maskedGame(table, cells, own[row]!), chosen)
      const solved = await solve(game, row, chosen)
      if (solved.errors) errors ??= new Float64Array(values.length)
      chosen.forEach((player, k) => {
        values[row * features.length + player] = solved.values[k]!
        if (errors) errors[row * features.length + player] = solved.errors?.[k] ?? 0
      })
    }
    onProgress?.((row + 1) / x.rows)
  }
  return { base: table.empty, features, values, ...(errors && { errors }) }
}
