import { ProblemError } from '#contract'
import type { Matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { gatherRows } from './gather-rows.ts'
import { predictAll, type Victim } from './victim.ts'

export interface ExtractionOptions extends AttackHooks {
  /** Rows asked about at most; all of the pool unless told. */
  readonly queries?: number
  /** Times the copy is learnt anew; 5 unless told. 1 asks at random. */
  readonly rounds?: number
  readonly seed?: number | string
}

export interface ExtractedModel {
  readonly copy: Victim
  /** Numbers of the pool's rows that were asked about, in this order. */
  readonly asked: Uint32Array
}

/** Learns a model from rows and the probabilities, rows x classes, that the victim gave them. */
export type TrainCopy = (rows: Matrix, probabilities: Float64Array) => Victim | PromiseLike<Victim>

/**
 * Extraction by questions (Tramèr et al. 2016, section 5.1, adaptive training): asks the model about rows of the pool and learns
 * a copy from its answers; the first rows are random, those of later rounds the ones the copy is least sure of. See how good
 * it is with `copyAgreement` on rows that were not asked about.
 */
export async function extractModel(
  victim: Victim,
  pool: Matrix,
  train: TrainCopy,
  options: ExtractionOptions = {},
): Promise<ExtractedModel> {
  const { rounds = 5, seed = 0 } = options
  const budget = Math.min(options.queries ?? pool.rows, pool.rows)
  if (!(budget > 0))
    throw new ProblemError({
      code: 'rows-missing',
      message: 'There is no row to ask the model about.',
      fix: 'Give a pool of rows and at least one query',
    })
  let left = [...createRandom(seed).split('extract-model').permutation(pool.rows)]
  const asked: number[] = []
  const answers: number[] = []
  let copy: Victim | undefined
  for (let round = 0; asked.length < budget; round++) {
    tellProgress(options, asked.length / budget)
    if (copy) left = await leastSureFirst(copy, pool, left)
    const more = left.splice(0, Math.max(1, Math.round((budget * (round + 1)) / rounds) - asked.length))
    for (const answer of await predictAll(victim, gatherRows(pool, more))) answers.push(answer)
    asked.push(...more)
    copy = await train(gatherRows(pool, asked), Float64Array.from(answers))
  }
  tellProgress(options, 1)
  return { copy: copy!, asked: Uint32Array.from(asked) }
}

/** The rows in the order of the lead of their likeliest class over the next. */
async function leastSureFirst(copy: Victim, pool: Matrix, rows: readonly number[]): Promise<number[]> {
  const chances = await predictAll(copy, gatherRows(pool, rows))
  const leads = rows.map((_, at) => {
    const [first, second] = chances
      .slice(at * copy.classes, (at + 1) * copy.classes)
      .sort()
      .reverse()
    return first! - (second ?? 0)
  })
  return [...leads.keys()].sort((a, b) => leads[a]! - leads[b]! || a - b).map((at) => rows[at]!)
}
