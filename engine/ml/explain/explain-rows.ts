import type { Matrix } from '../matrix.ts'
import type { Contributions } from './linear-shap.ts'
import { amongSome, gameTable, type MaskedGame, maskedGame, playersThatDiffer } from './masked-game.ts'
import { rowOf, type ScoreRows, scoreAll } from './score-rows.ts'

/** Solves the game of each row among the players that can matter and puts their values in place. */
export async function explainRows(
  score: ScoreRows,
  x: Matrix,
  background: Matrix,
  sources: readonly string[],
  solve: (game: MaskedGame, row: number, players: readonly number[]) => Promise<Float64Array>,
  onProgress?: (fraction: number) => void,
): Promise<Contributions> {
  const table = await gameTable(score, background, sources)
  const own = await scoreAll(score, x)
  const features = table.players.names
  const values = new Float64Array(x.rows * features.length)
  for (let row = 0; row < x.rows; row++) {
    const cells = rowOf(x, row)
    const chosen = playersThatDiffer(table, cells)
    if (chosen.length > 0) {
      const game = amongSome(maskedGame(table, cells, own[row]!), chosen)
      const solved = await solve(game, row, chosen)
      chosen.forEach((player, k) => {
        values[row * features.length + player] = solved[k]!
      })
    }
    onProgress?.((row + 1) / x.rows)
  }
  return { base: table.empty, features, values }
}
