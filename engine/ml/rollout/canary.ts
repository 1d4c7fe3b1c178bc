import type { RolloutGuard } from '#contract'
import type { ArmTally } from './arm-tally.ts'
import { groupGuard } from './group-guard.ts'
import { type Evidence, type Judgement, people, percent } from './judgement.ts'
import { latencyLimits, latencyQuantile } from './latency-counts.ts'
import { missGuard, predictionGuard } from './number-guards.ts'
import { shareSequence } from './share-sequence.ts'

/**
 * A canary answers a growing share of people and is aborted as soon as a guard is surely broken. "Surely" holds at every
 * look: shares have limits by a confidence sequence (`shareSequence`), and a guard is broken where the limits of both
 * versions leave no doubt. The guards share `alpha` evenly (Bonferroni), those that begin anew with each step also among the
 * steps; so versions that are alike are aborted with chance `alpha` at most, however often and long one looks. Numbers
 * are judged by their means on the normal limit (`differenceSequence`). People are taken to be independent of one another, times to answer too.
 */
export function judgeCanary(evidence: Evidence): Judgement {
  const { settings, versions, step, minutes, now } = evidence
  const steps = canarySteps(settings.steps)
  const share = steps[Math.min(step, steps.length - 1)]!
  const guards = canaryGuards(evidence, steps.length)
  const common = { shares: [1 - share, share], guards, figures: [] }
  const broken = guards.find(({ state }) => state === 'broken')
  if (broken) return { ...common, action: 'abort', verdict: `Aborted at ${percent(share)}: ${broken.text}.` }
  const answered = now[1]!.people
  const enough = answered >= settings.leastPeople && minutes >= settings.leastMinutes
  const doubt = guards.find(({ state }) => state === 'unsure')
  const progress = `${people(answered)} of ${settings.leastPeople}, ${Math.floor(minutes)} of ${settings.leastMinutes} min`
  const verdict = `Version ${versions[1]} answers ${percent(share)} of people. ${
    doubt ? `It waits: ${doubt.text}, which may be chance` : 'No guard is broken'
  } (${progress}).`
  if (!enough || doubt) return { ...common, action: 'stay', verdict }
  if (step + 1 < steps.length) return { ...common, action: 'next', verdict }
  return { ...common, action: 'promote', verdict: `All ${steps.length} steps passed and no guard was broken.` }
}

/** Rising shares of (0, 1): "1, 5, 25" gives 0.01, 0.05, 0.25. A last step of 100 is the promotion itself. */
export function canarySteps(text: string): readonly number[] {
  const shares = text.split(',').map((part) => Number(part) / 100)
  return [...new Set(shares.filter((share) => share > 0 && share < 1))].sort((a, b) => a - b)
}

function canaryGuards({ settings, versions, now, all }: Evidence, steps: number): readonly RolloutGuard[] {
  const [champion, challenger] = [now[0]!, now[1]!]
  const own = settings.alpha / guardCount
  const stepped = own / steps
  const [old, fresh] = versions
  const frequency = (name: string, limit: number, alpha: number, events: (tally: ArmTally) => Count, from = now) =>
    frequencyGuard({ name, old: old!, fresh: fresh!, before: events(from[0]!), after: events(from[1]!), limit, alpha })
  const common = [
    frequency('Errors', settings.failureRatio, stepped, ({ errors, people: n }) => [errors, n]),
    frequency('Fallback answers', settings.failureRatio, stepped, ({ fallbacks, people: n }) => [fallbacks, n]),
    latencyGuard(champion, challenger, settings.latencyRatio, stepped),
  ]
  if (settings.classes.length === 0)
    return [
      ...common,
      predictionGuard(champion.scores, challenger.scores, settings.approvalShift, stepped),
      missGuard(all[0]!.outcomes.misses, all[1]!.outcomes.misses, settings.outcomeRatio, own),
    ]
  return [
    ...common,
    decisionGuard(champion, challenger, settings.approvalShift, stepped),
    ...(settings.groupRatio > 0 ? [groupGuard(all[0]!.groups, all[1]!.groups, settings.groupRatio, own)] : []),
    frequency('Wrong decisions', settings.outcomeRatio, own, ({ outcomes }) => [outcomes.wrong, outcomes.judged], all),
  ]
}
type Count = readonly [events: number, n: number]
const guardCount = 6
/** A frequency of so few cases is never a reason to wait. */
const fewCases = 3

function frequencyGuard(a: {
  readonly name: string
  readonly old: number
  readonly fresh: number
  readonly before: Count
  readonly after: Count
  readonly limit: number
  readonly alpha: number
}): RolloutGuard {
  const [events, n] = a.after
  const champion = shareSequence(...a.before, a.alpha / 2)
  const challenger = shareSequence(events, n, a.alpha / 2)
  if (champion.value === null || challenger.value === null) return { name: a.name, state: 'unknown', text: 'none yet' }
  const times = `${a.limit} times are allowed`
  if (challenger.low! > a.limit * champion.high!)
    return {
      name: a.name,
      state: 'broken',
      text: `${a.name.toLowerCase()} of version ${a.fresh} are at least ${percent(challenger.low!, 2)}, of version ${a.old} at most ${percent(champion.high!, 2)}; ${times}`,
    }
  const doubt = events >= fewCases && challenger.value > a.limit * champion.value
  const text = `${a.name.toLowerCase()} ${percent(challenger.value, 2)}, before ${percent(champion.value, 2)}; ${times}`
  return { name: a.name, state: doubt ? 'unsure' : 'holds', text }
}

function latencyGuard(champion: ArmTally, challenger: ArmTally, limit: number, alpha: number): RolloutGuard {
  const name = 'Latency'
  const [before, after] = [latencyQuantile(champion.latency, 0.95), latencyQuantile(challenger.latency, 0.95)]
  if (before === null || after === null) return { name, state: 'unknown', text: 'no times yet' }
  const times = `${limit} times are allowed`
  const a = latencyLimits(champion.latency, 0.95, alpha / 2)
  const b = latencyLimits(challenger.latency, 0.95, alpha / 2)
  if (b.low > limit * a.high)
    return {
      name,
      state: 'broken',
      text: `the 95th percentile of its time to answer is over ${milliseconds(b.low)}, before at most ${milliseconds(a.high)}; ${times}`,
    }
  const text = `95th percentile of the time to answer ${milliseconds(after)}, before ${milliseconds(before)}; ${times}`
  return { name, state: after > limit * before ? 'unsure' : 'holds', text }
}
const milliseconds = (ms: number) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`

function decisionGuard(champion: ArmTally, challenger: ArmTally, limit: number, alpha: number): RolloutGuard {
  const name = 'Decisions'
  const a = shareSequence(champion.favourable, champion.decided, alpha / 2)
  const b = shareSequence(challenger.favourable, challenger.decided, alpha / 2)
  if (a.value === null || b.value === null) return { name, state: 'unknown', text: 'no decisions yet' }
  const apart = Math.max(b.low! - a.high!, a.low! - b.high!)
  const text = `favourable decisions ${percent(b.value)}, before ${percent(a.value)}; a difference of ${percent(limit)} is allowed`
  const state = apart > limit ? 'broken' : Math.abs(a.value - b.value) > limit ? 'unsure' : 'holds'
  return { name, state, text }
}
