import type { Estimate, GroupReasons, Metric, ReasonCodes } from '#contract'
import type { AlikeSpace } from '#ml/explain/alike-people'
import { chiSquareTest } from '#ml/statistics/chi-square-test'
import { moments } from '#ml/statistics/moments'
import { holm } from '#ml/statistics/multiple-testing'
import { newcombe } from '#ml/statistics/newcombe'
import { criticalValue } from '#ml/statistics/normal'
import { wilson } from '#ml/statistics/wilson'
import { spaced } from '../../fairness/report/wording.ts'
import type { DecidedPeople } from './decided-people.ts'
import { favourableShare, type Grouping, nearestOfGroups, rankReasons } from './person-reasons.ts'

/** Fewer refused people than that tell little of a group. */
const leastRefused = 30
/** Fewer first reasons than that are counted together when groups are tested. */
const leastCount = 5

export interface GroupPlan {
  readonly people: DecidedPeople
  readonly space: AlikeSpace
  readonly groupings: readonly Grouping[]
  readonly reasons: number
  readonly neighbours: number
  onPerson(fraction: number): void
}
/** What the refused are told, with the reasons of each. */
interface Told {
  readonly refused: Uint32Array
  readonly features: readonly string[]
  /** Reasons of each refused person as places of `features`, the first first. */
  readonly reasons: readonly (readonly number[])[]
}

/** How often each feature is a reason in each group, and how people like the refused fared. */
export function groupReasons(plan: GroupPlan): Pick<ReasonCodes, 'features' | 'attributes' | 'refused'> {
  const told = toldReasons(plan)
  const steps = plan.groupings.length * told.refused.length
  let step = 0
  const attributes = plan.groupings.map((grouping) => {
    const alike = Array.from(told.refused, (place) => {
      if (step++ % 50 === 0) plan.onPerson(step / steps)
      return alikeShares(plan, place, grouping)
    })
    const groups = grouping.groups.names.map((_, group) => figuresOf(told, grouping, group, alike))
    return { column: grouping.column, groups, test: testGroups(groups) }
  })
  return { refused: told.refused.length, features: told.features, attributes: correctTests(attributes) }
}

/** Where no outcome is favourable: how often each feature is the first reason for each class. */
export function classReasons(
  people: DecidedPeople,
): Pick<ReasonCodes, 'features' | 'attributes' | 'refused' | 'classes'> {
  const { features, firsts } = firstReasons(people, people.counted)
  const classes = people.classes.map((name, code) => {
    const own = [...people.counted.keys()].filter((at) => people.given![people.counted[at]!] === code)
    const led = (feature: number) => own.filter((at) => firsts[at]![0] === feature).length
    return { name, rows: own.length, first: features.map((_, feature) => wilson(led(feature), own.length)) }
  })
  return { refused: 0, features, attributes: [], classes: classes.filter(({ rows }) => rows > 0) }
}

/** A column more is a test more. */
function correctTests(attributes: ReasonCodes['attributes']): ReasonCodes['attributes'] {
  const tested = attributes.filter(({ test }) => test)
  const adjusted = holm(tested.map(({ test }) => test!.pValue))
  return attributes.map((attribute) =>
    attribute.test
      ? { ...attribute, test: { ...attribute.test, pValue: adjusted[tested.indexOf(attribute)]! } }
      : attribute,
  )
}

function toldReasons({ people, reasons }: GroupPlan): Told {
  const refused = people.counted.filter((place) => people.favourable[place] === 0)
  const { features, firsts } = firstReasons(people, refused, reasons)
  return { refused, features, reasons: firsts }
}

/** Reasons of each of the people by place among the features that are somebody's first reason, the most frequent first. */
function firstReasons(people: DecidedPeople, places: Uint32Array, most = 1) {
  const own = Array.from(places, (place) => rankReasons(people, place, 'decision', most))
  const counts = new Float64Array(people.features.length)
  for (const [first] of own) if (first !== undefined) counts[first]!++
  const named = [...counts.keys()].filter((feature) => counts[feature]! > 0)
  named.sort((a, b) => counts[b]! - counts[a]! || a - b)
  const at = new Map(named.map((feature, index) => [feature, index]))
  return {
    features: named.map((feature) => people.features[feature]!),
    firsts: own.map((list) => list.map((feature) => at.get(feature) ?? -1)),
  }
}

interface AlikeShares {
  readonly same: number | null
  readonly other: number | null
}

function alikeShares({ people, space, neighbours }: GroupPlan, place: number, grouping: Grouping): AlikeShares {
  const { same, other } = nearestOfGroups(space, place, neighbours, grouping)
  return { same: favourableShare(people, place, same), other: favourableShare(people, place, other) }
}

function figuresOf(told: Told, { groups, same }: Grouping, group: number, alike: readonly AlikeShares[]): GroupReasons {
  const own = [...told.refused.keys()].filter((at) => groups.codes[told.refused[at]!] === group)
  const count = (holds: (reasons: readonly number[]) => boolean) => own.filter((at) => holds(told.reasons[at]!)).length
  const both = own.flatMap((at) => {
    const { same: mine, other } = alike[at]!
    return mine === null || other === null ? [] : [{ mine, other }]
  })
  return {
    group: groups.names[group]!,
    rows: same[group]!.length,
    refused: own.length,
    small: own.length < leastRefused,
    first: told.features.map((_, feature) =>
      wilson(
        count(([first]) => first === feature),
        own.length,
      ),
    ),
    among: told.features.map((_, feature) =>
      wilson(
        count((reasons) => reasons.includes(feature)),
        own.length,
      ),
    ),
    alikeSame: meanOf(both.map(({ mine }) => mine)),
    alikeOther: meanOf(both.map(({ other }) => other)),
    alikeGap: meanEstimate(both.map(({ mine, other }) => other - mine)),
  }
}

const meanOf = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length

/** A mean with its normal 95 % interval, people taken as independent. */
function meanEstimate(values: readonly number[]): Estimate {
  const n = values.length
  const value = meanOf(values)
  if (value === null || n < 2) return { value, n }
  const half = criticalValue(0.95) * Math.sqrt(moments(Float64Array.from(values)).sampleVariance / n)
  return { value, low: value - half, high: value + half, n }
}

const countOf = ({ refused }: GroupReasons, share: Estimate) => Math.round((share.value ?? 0) * refused)

/** Pearson's test of first reasons against groups; reasons that are rare over all groups count as one. */
function testGroups(groups: readonly GroupReasons[]): ReasonCodes['attributes'][number]['test'] {
  const large = groups.filter(({ small }) => !small)
  if (large.length < 2) return null
  const counts = large.map((group) => group.first.map((share) => countOf(group, share)))
  const totals = counts[0]!.map((_, feature) => counts.reduce((sum, row) => sum + row[feature]!, 0))
  const rare = totals.map((total) => total < leastCount * large.length)
  const folded = counts.map((row) => [
    ...row.filter((_, feature) => !rare[feature]),
    row.reduce((sum, count, feature) => sum + (rare[feature] ? count : 0), 0),
  ])
  const { pValue, cramersV, degrees } = chiSquareTest(folded, false)
  return degrees > 0 ? { pValue, cramersV } : null
}

/** A group whose first reasons differ most from those of all other large groups together. */
export interface WidestGap {
  readonly group: string
  readonly feature: string
  /** Share in the group, less that in the others. */
  readonly gap: Estimate
  readonly own: Estimate
  readonly others: Estimate
}

/** The feature and group with the largest difference; undefined where there are no two large groups. */
export function widestGap(
  features: readonly string[],
  { groups }: Pick<ReasonCodes['attributes'][number], 'groups'>,
): WidestGap | undefined {
  const large = groups.filter(({ small }) => !small)
  if (large.length < 2) return undefined
  const all = large.flatMap((group) => {
    const rest = large.filter((other) => other !== group)
    const others = rest.reduce((sum, { refused }) => sum + refused, 0)
    return features.map((feature, at) => {
      const own = countOf(group, group.first[at]!)
      const theirs = rest.reduce((sum, other) => sum + countOf(other, other.first[at]!), 0)
      return {
        group: group.group,
        feature,
        gap: newcombe(own, group.refused, theirs, others),
        own: group.first[at]!,
        others: wilson(theirs, others),
      }
    })
  })
  const positive = all.filter(({ gap }) => (gap.value ?? 0) >= 0)
  return positive.reduce<WidestGap | undefined>(
    (most, next) => (most && most.gap.value! >= next.gap.value! ? most : next),
    undefined,
  )
}

/** The large group whose like in other groups get the favourable outcome most often beyond their own. */
export const widestAlikeGap = ({ groups }: Pick<ReasonCodes['attributes'][number], 'groups'>) =>
  groups
    .filter(({ small, alikeGap }) => !small && alikeGap.value !== null)
    .reduce<GroupReasons | undefined>(
      (most, next) => (most && most.alikeGap.value! >= next.alikeGap.value! ? most : next),
      undefined,
    )

/** The widest gaps of each protected column, for gates and comparisons of runs. */
export function reasonMetrics({ features, attributes }: Pick<ReasonCodes, 'features' | 'attributes'>): Metric[] {
  return attributes.flatMap((attribute): Metric[] => {
    const { column } = attribute
    const gap = widestGap(features, attribute)?.gap ?? { value: null }
    const alike = widestAlikeGap(attribute)?.alikeGap ?? { value: null }
    return [
      {
        name: `reasons.gap.${column}`,
        label: `Largest difference of a first reason, ${spaced(column)}`,
        better: 'zero',
        ...gap,
      },
      {
        name: `reasons.alike-gap.${column}`,
        label: `Favourable outcomes of the most alike in other groups beyond the own, ${spaced(column)}`,
        better: 'zero',
        ...alike,
      },
    ]
  })
}
