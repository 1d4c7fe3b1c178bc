import type { Matrix } from '../matrix.ts'
import { meanOf, needRows, rowOf, rowsAtOnce, type ScoreRows, scoreAll, scoreFilled } from './score-rows.ts'

/**
 * The game whose Shapley values explain a row (Lundberg & Lee 2017, NeurIPS): players are features, and a coalition is
 * worth the mean score over the background with the members' values taken from the row (columns taken as independent).
 */
export interface MaskedGame {
  readonly players: number
  /** Worth of no player, the mean score of the background. */
  readonly empty: number
  /** Worth of all players, the row's own score. */
  readonly full: number
  /** Worth of each coalition; `members` holds a byte a player, one coalition after the other. */
  worth(members: Uint8Array): Promise<Float64Array>
}

/** Whom the contributions belong to: columns of the same source are one player. */
export interface Players {
  readonly names: readonly string[]
  /** The player of each column. */
  readonly of: Int32Array
}

export function playersOf(sources: readonly string[]): Players {
  const names = [...new Set(sources)]
  return { names, of: Int32Array.from(sources, (source) => names.indexOf(source)) }
}

/** What all rows' games share. */
export interface GameTable {
  readonly score: ScoreRows
  readonly background: Matrix
  readonly players: Players
  readonly empty: number
}

export async function gameTable(score: ScoreRows, background: Matrix, sources: readonly string[]): Promise<GameTable> {
  needRows(background, 'background')
  return { score, background, players: playersOf(sources), empty: meanOf(await scoreAll(score, background)) }
}

/** The game of one row whose own score is known. */
export function maskedGame(table: GameTable, row: Float64Array, full: number): MaskedGame {
  const { score, background, players } = table
  const size = players.names.length
  const columns = background.columns
  const coalitionsAtOnce = Math.max(1, Math.floor(rowsAtOnce / background.rows))
  async function some(members: Uint8Array, from: number, to: number, worths: Float64Array) {
    const scores = await scoreFilled(score, (to - from) * background.rows, columns, (at, values, start) => {
      const coalition = from + Math.floor(at / background.rows)
      const other = (at % background.rows) * columns
      for (let j = 0; j < columns; j++) {
        const present = members[coalition * size + players.of[j]!] === 1
        values[start + j] = present ? row[j]! : background.values[other + j]!
      }
    })
    for (let coalition = from; coalition < to; coalition++) {
      const first = (coalition - from) * background.rows
      worths[coalition] = meanOf(scores.subarray(first, first + background.rows))
    }
  }
  return {
    players: size,
    empty: table.empty,
    full,
    async worth(members) {
      const worths = new Float64Array(members.length / size)
      for (let from = 0; from < worths.length; from += coalitionsAtOnce)
        await some(members, from, Math.min(worths.length, from + coalitionsAtOnce), worths)
      return worths
    },
  }
}

/** Players whose value differs somewhere in the background; the others contribute exactly 0. */
export function playersThatDiffer({ background, players }: GameTable, row: Float64Array): number[] {
  const differs = new Uint8Array(players.names.length)
  for (let other = 0; other < background.rows; other++) {
    const values = rowOf(background, other)
    for (let j = 0; j < values.length; j++) if (!Object.is(values[j]! + 0, row[j]! + 0)) differs[players.of[j]!] = 1
  }
  return [...differs.keys()].filter((player) => differs[player] === 1)
}

/** The same game among some of the players only; the others never join. */
export function amongSome(game: MaskedGame, chosen: readonly number[]): MaskedGame {
  if (chosen.length === game.players) return game
  return {
    ...game,
    players: chosen.length,
    worth(members) {
      const coalitions = members.length / chosen.length
      const all = new Uint8Array(coalitions * game.players)
      for (let c = 0; c < coalitions; c++)
        chosen.forEach((player, k) => {
          all[c * game.players + player] = members[c * chosen.length + k]!
        })
      return game.worth(all)
    },
  }
}
