import type { RolloutFigure } from '#contract'
import { newcombe } from '../statistics/newcombe.ts'
import type { ArmTally } from './arm-tally.ts'
import { differenceSequence, type SequentialDifference } from './difference-sequence.ts'
import { type Evidence, type Judgement, people, percent } from './judgement.ts'
import { peopleForMeans, peopleForShares } from './people-needed.ts'
import { joinSpreads, type Spread, sampleVariance } from './spread.ts'
import { welchDifference } from './welch-difference.ts'

/**
 * An A/B test keeps its shares and compares decisions and outcomes of each challenger with the champion's: by an interval that
 * may be looked at any time (`differenceSequence`), and by the interval for one look at the planned end (Newcombe's of
 * shares, Welch's of means). How many people that end needs is said from the start. It ends when a person ends it.
 */
export function judgeAB({ settings, versions, all }: Evidence): Judgement {
  const challengers = versions.length - 1
  const each = settings.challengerShare / 100 / challengers
  const alpha = settings.alpha / challengers
  const plan = {
    difference: settings.detect,
    power: settings.power,
    alpha,
    ratio: each / (1 - settings.challengerShare / 100),
  }
  const champion = all[0]!
  const compared = all.slice(1).map((challenger, at) => {
    const measures = [decisions(champion, challenger), outcomes(champion, challenger, settings.outcome)]
    const seen = measures.flatMap((measure) => (measure ? [look(measure, settings.detect, alpha / 2)] : []))
    return { version: versions[at + 1]!, seen }
  })
  const needed = needs(settings, all, plan)
  const figures = compared.flatMap(({ version, seen }) => seen.flatMap((one) => describe(one, version)))
  return {
    shares: [1 - settings.challengerShare / 100, ...all.slice(1).map(() => each)],
    action: 'stay',
    verdict: `${sentence(compared, versions[0]!)} ${
      needed === undefined
        ? 'How many people are needed is known once there are 30 outcomes.'
        : `${people(needed)} of version ${versions[0]} are needed to find a difference of ${settings.detect} at one look; there are ${champion.people}.`
    }`,
    guards: [],
    figures: [
      ...(needed === undefined
        ? []
        : [{ label: `People needed of version ${versions[0]}`, estimate: { value: needed } }]),
      ...figures,
    ],
  }
}

interface Measure {
  readonly name: string
  readonly isShare: boolean
  readonly difference: number
  readonly variance: number
  /** For one look at the end. */
  readonly planned: RolloutFigure['estimate']
}
type Looked = Measure & { readonly always: SequentialDifference }

/** Fewer in a sample are not compared: the intervals stand on the normal limit. */
const least = 30

function decisions(a: ArmTally, b: ArmTally): Measure | undefined {
  return shares('Favourable decisions', [a.favourable, a.decided], [b.favourable, b.decided])
}

function outcomes(a: ArmTally, b: ArmTally, kind: 'class' | 'number'): Measure | undefined {
  if (kind === 'class') return shares('Good outcomes', [a.outcomes.good, a.outcomes.n], [b.outcomes.good, b.outcomes.n])
  const [first, second] = [a.outcomes.numbers, b.outcomes.numbers]
  if (first.n < least || second.n < least) return undefined
  return {
    name: 'Mean outcome',
    isShare: false,
    difference: second.mean - first.mean,
    variance: sampleVariance(first) / first.n + sampleVariance(second) / second.n,
    planned: welchDifference(first, second),
  }
}

function shares(name: string, a: readonly [number, number], b: readonly [number, number]): Measure | undefined {
  if (a[1] < least || b[1] < least) return undefined
  return {
    name,
    isShare: true,
    difference: b[0] / b[1] - a[0] / a[1],
    variance: shareVariance(...a) + shareVariance(...b),
    planned: newcombe(...b, ...a),
  }
}

/** With one success and one failure more, so that it is not 0 where all were alike. */
function shareVariance(events: number, n: number): number {
  const share = (events + 1) / (n + 2)
  return (share * (1 - share)) / n
}

const look = (measure: Measure, scale: number, alpha: number): Looked => ({
  ...measure,
  always: differenceSequence({ difference: measure.difference, variance: measure.variance, scale }, alpha),
})

function describe({ name, always, planned }: Looked, version: number): readonly RolloutFigure[] {
  const { value, low, high } = always
  return [
    { label: `${name}: difference of version ${version}`, estimate: { value, low, high } },
    { label: `${name}: p-value of version ${version}, at any look`, estimate: { value: always.pValue } },
    { label: `${name}: difference of version ${version}, one look at the end`, estimate: planned },
  ]
}

function sentence(
  compared: readonly { readonly version: number; readonly seen: readonly Looked[] }[],
  champion: number,
): string {
  const found = compared.flatMap(({ version, seen }) =>
    seen.filter(({ always: { low, high } }) => low > 0 || high < 0).map((one) => ({ version, ...one })),
  )
  const size = (value: number, isShare: boolean) =>
    isShare ? percent(Math.abs(value)) : Math.abs(value).toPrecision(3)
  if (found.length > 0)
    return found
      .map(
        ({ version, name, isShare, always: { value, low, high } }) =>
          `Version ${version} has ${name.toLowerCase()} ${size(value, isShare)} ${value > 0 ? 'above' : 'below'} those of version ${champion}, ${size(value > 0 ? low : high, isShare)} at least.`,
      )
      .join(' ')
  return compared.some(({ seen }) => seen.length > 0)
    ? 'No difference is sure yet.'
    : `There is nothing to compare yet: each version needs ${least} people.`
}

function needs(
  settings: Evidence['settings'],
  all: readonly ArmTally[],
  plan: Parameters<typeof peopleForMeans>[1],
): number | undefined {
  if (settings.outcome === 'class') return peopleForShares(settings.expected, plan)
  const pooled = all
    .map(({ outcomes: { numbers } }) => ({ ...numbers, mean: 0 }))
    .reduce<Spread>(joinSpreads, { n: 0, mean: 0, squares: 0 })
  return pooled.n < least ? undefined : peopleForMeans(Math.sqrt(sampleVariance(pooled)), plan)
}
