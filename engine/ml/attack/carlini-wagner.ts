import type { Matrix } from '../matrix.ts'
import { type AttackOutcome, attackOutcome } from './attack-outcome.ts'
import type { AttackSpace } from './attack-space.ts'
import { marginSlopes } from './logit-slopes.ts'
import { type MarginSearchOptions, searchMargins } from './margin-search.ts'
import { checkAttacked, checkFinite, type WhiteVictim } from './victim.ts'

/**
 * Carlini & Wagner 2017 (IEEE S&P, arXiv 1608.04644), the L2 attack with their loss f6 on the logits: the nearest row of
 * another class. Of their three ways to keep within the box this takes the projection, because their change of variables
 * stands still on cells at a bound, as zeros of a table are; the step falls to 0 over a round (200 steps unless told).
 */
export async function carliniWagner(
  victim: WhiteVictim,
  rows: Matrix,
  classOf: ArrayLike<number>,
  space: AttackSpace,
  options: MarginSearchOptions = {},
): Promise<AttackOutcome> {
  checkAttacked(victim, rows, classOf)
  checkFinite(rows)
  const slopesOf = (moved: Matrix) => marginSlopes(victim, moved, classOf)
  const found = await searchMargins(victim, rows, classOf, space, slopesOf, options)
  return attackOutcome(victim, rows, found, classOf, 'l2')
}
