import { ProblemError } from '#contract'
import { fitLogistic, type LogisticFit, logisticScores } from '../linear/logistic.ts'
import { type Matrix, matrix } from '../matrix.ts'
import { createRandom } from '../random/random.ts'
import { type AttackHooks, tellProgress } from './attack-hooks.ts'
import { gatherRows } from './gather-rows.ts'
import { type ObservedRows, ownChances, ruleScores } from './membership-scores.ts'
import { predictAll, type Victim } from './victim.ts'

/** A model like the victim, of which it is known what it was trained on. */
export interface Shadow {
  readonly members: ObservedRows
  readonly others: ObservedRows
}

export interface ShadowOptions extends AttackHooks {
  /** 8 unless told. */
  readonly count?: number
  readonly seed?: number | string
}

/** Trains a model as the victim's was, on rows of the attacker's own. */
export type TrainVictim = (rows: Matrix, classOf: Int32Array, number: number) => Victim | PromiseLike<Victim>

/** Shadow models, each trained on a random half of the rows; the other half are those it never saw. */
export async function trainShadows(
  rows: Matrix,
  classOf: ArrayLike<number>,
  train: TrainVictim,
  options: ShadowOptions = {},
): Promise<Shadow[]> {
  const { count = 8, seed = 0 } = options
  if (rows.rows < 2)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'Shadow models need at least two rows of their own.',
      fix: 'Give more rows that the model was not trained on',
    })
  const random = createRandom(seed).split('shadows')
  const shadows: Shadow[] = []
  for (let number = 0; number < count; number++) {
    tellProgress(options, number / count)
    const order = random.split(number).permutation(rows.rows)
    const half = Math.ceil(rows.rows / 2)
    const [inside, outside] = [order.subarray(0, half), order.subarray(half)].map((part) => ({
      rows: gatherRows(rows, part),
      classOf: Int32Array.from(part, (row) => classOf[row]!),
    }))
    const victim = await train(inside!.rows, inside!.classOf, number)
    shadows.push({ members: await observe(victim, inside!), others: await observe(victim, outside!) })
  }
  tellProgress(options, 1)
  return shadows
}

const observe = async (victim: Victim, part: { rows: Matrix; classOf: Int32Array }): Promise<ObservedRows> => ({
  classes: victim.classes,
  probabilities: await predictAll(victim, part.rows),
  classOf: part.classOf,
})

/** How sure a model of a class's rows is that one is a member. */
type Judge = Pick<LogisticFit, 'classes' | 'intercepts' | 'coefficients'>

/**
 * Membership by shadow models (Shokri, Stronati, Song & Shmatikov 2017, IEEE S&P, arXiv 1610.05820): a logistic regression for
 * each class learns from the shadows' answers how members and others differ, and scores the victim's answers in [0, 1]. It
 * sees the logit of the own class, its square, the entropy and whether the class is right. A class of which the shadows
 * know no members or no others is judged by all classes together.
 */
export function shadowMembership(shadows: readonly Shadow[], seen: ObservedRows): Float64Array {
  const known = shadows.flatMap(({ members, others }) => [
    { traits: traitsOf(members), classOf: members.classOf, member: 1 },
    { traits: traitsOf(others), classOf: others.classOf, member: 0 },
  ])
  const judgeOf = (own?: number) => {
    const chosen = known.flatMap(({ traits, classOf, member }) =>
      traits.filter((_, row) => own === undefined || classOf[row] === own).map((trait) => ({ trait, member })),
    )
    return learn(chosen)
  }
  const together = judgeOf()
  if (!together)
    throw new ProblemError({
      code: 'rows-missing',
      message: 'The shadow models know no members or no others.',
      fix: 'Train shadow models on part of their rows',
    })
  const judges = Array.from({ length: seen.classes }, (_, own) => judgeOf(own) ?? together)
  return Float64Array.from(traitsOf(seen), (trait, row) => judge(judges[seen.classOf[row]!]!, trait))
}

const judge = (fit: Judge, trait: readonly number[]) =>
  logisticScores(fit, matrix(1, trait.length, Float64Array.from(trait)))[1]!

function learn(known: readonly { readonly trait: readonly number[]; readonly member: number }[]): Judge | undefined {
  if (new Set(known.map(({ member }) => member)).size < 2) return undefined
  const x = matrix(known.length, known[0]!.trait.length, Float64Array.from(known.flatMap(({ trait }) => trait)))
  return fitLogistic(
    x,
    known.map(({ member }) => member),
    2,
    { penalty: 1, errors: false },
  )
}

/** Probabilities are kept this far from 0 and 1, so that logits stay within 14. */
const least = 1e-6

/** Traits of each row, of a size near 1. */
function traitsOf(seen: ObservedRows): number[][] {
  const { classes, probabilities } = seen
  const right = ruleScores(seen)
  return Array.from(ownChances(seen), (chance, row) => {
    const kept = Math.min(1 - least, Math.max(least, chance))
    const logit = Math.log(kept / (1 - kept)) / 5
    const all = probabilities.subarray(row * classes, (row + 1) * classes)
    const entropy = all.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0)
    return [logit, logit * logit, entropy, right[row]!]
  })
}
