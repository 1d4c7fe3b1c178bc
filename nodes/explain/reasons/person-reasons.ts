import type { AlikePeople, PersonReasons, Reason } from '#contract'
import { type AlikeSpace, type Nearest, nearestAlike } from '#ml/explain/alike-people'
import type { Groups } from '#ml/fairness/protected-groups'
import { cellText, columnOf } from '#ml/frame'
import { columnOfRole } from '#ml/roles'
import { shownValue } from '../shap/explained-person.ts'
import type { DecidedPeople } from './decided-people.ts'
import type { Facets } from './facets.ts'
import type { ReasonSide, ReasonWords } from './reason-words.ts'

/** Groups of a protected column, at the places of the people. */
export interface Grouping {
  readonly column: string
  readonly groups: Groups
  /** Counted places of each group, and of all others whose group is known. */
  readonly same: readonly Uint32Array[]
  readonly other: readonly Uint32Array[]
}

/** Which features give reasons: what spoke for the decision that was made, or the strongest either way. */
export type Direction = 'decision' | 'both'

const mostDifferences = 5

export function groupPeople(column: string, groups: Groups, counted: Uint32Array): Grouping {
  const { codes, names, missing } = groups
  const places = (holds: (code: number) => boolean) => counted.filter((place) => holds(codes[place]!))
  return {
    column,
    groups,
    same: names.map((_, own) => places((code) => code === own)),
    other: names.map((_, own) => places((code) => code !== own && code !== missing)),
  }
}

/** Features in the order of their effect on one person, at most `most`; features without effect are no reasons. */
export function rankReasons(
  { features, values, favourable }: Pick<DecidedPeople, 'features' | 'values' | 'favourable'>,
  place: number,
  direction: Direction | 'other',
  most: number,
): readonly number[] {
  const effect = (feature: number) => values[place * features.length + feature]!
  const towards = (favourable[place] === 1) === (direction !== 'other') ? 1 : -1
  const speaks = (feature: number) => (direction === 'both' ? effect(feature) !== 0 : effect(feature) * towards > 0)
  return [...features.keys()]
    .filter(speaks)
    .sort((a, b) => Math.abs(effect(b)) - Math.abs(effect(a)) || a - b)
    .slice(0, most)
}

/** The nearest people of the same group and of others. */
export function nearestOfGroups(space: AlikeSpace, place: number, k: number, { groups, same, other }: Grouping) {
  const group = groups.codes[place]!
  return {
    same: nearestAlike(space, place, k, same[group]!),
    other: nearestAlike(space, place, k, other[group]!),
  }
}

/** Whether somebody got the favourable outcome, or where none is favourable the class that the person at `place` got. */
const fares = ({ outcome, favourable, given }: DecidedPeople, place: number, other: number): boolean =>
  outcome.kind === 'given' ? given![other] === given![place] : favourable[other] === 1

export const favourableShare = (people: DecidedPeople, place: number, { rows }: Nearest): number | null =>
  rows.length === 0 ? null : rows.filter((other) => fares(people, place, other)).length / rows.length

export interface PersonPlan {
  readonly people: DecidedPeople
  readonly space: AlikeSpace
  readonly groupings: readonly Grouping[]
  readonly words: ReasonWords
  readonly direction: Direction
  readonly reasons: number
  readonly neighbours: number
}

/** Everything said of one person. */
export function personReasons(plan: PersonPlan, place: number): PersonReasons {
  const { people, space, groupings, direction, reasons, neighbours } = plan
  const id = idOf(people, place)
  const ordered = strongestFirst(people, place)
  return {
    row: people.rows[place]!,
    ...(id !== undefined && { id }),
    favourable: people.favourable[place] === 1,
    score: people.scores[place]!,
    reasons: toldReasons(plan, place, rankReasons(people, place, direction, reasons), 'given'),
    ...severalClasses(plan, place),
    ...people.drawn(place),
    alike: groupings.map((grouping) => {
      const found = nearestOfGroups(space, place, neighbours, grouping)
      return {
        column: grouping.column,
        group: grouping.groups.names[grouping.groups.codes[place]!]!,
        same: alikePeople(people, ordered, place, found.same, grouping),
        other: alikePeople(people, ordered, place, found.other, grouping),
      }
    }),
  }
}

function toldReasons(
  { people: { features, values, facets }, words }: PersonPlan,
  place: number,
  ranked: readonly number[],
  side: ReasonSide,
): readonly Reason[] {
  return ranked.map((feature) => ({
    feature: features[feature]!,
    value: shownValue(facets.column(features[feature]!), place),
    contribution: values[place * features.length + feature]!,
    words: words(features[feature]!, place, side),
  }))
}

/** Of several classes: the one given, and what spoke for the other one that is compared with. */
function severalClasses(plan: PersonPlan, place: number): Pick<PersonReasons, 'given' | 'other'> {
  const { people, reasons } = plan
  const { given, other, classes, scores, lead, outcome, favourable } = people
  if (!given || !other) return {}
  const wanted = outcome.kind === 'class' && favourable[place] === 0
  return {
    given: classes[given[place]!]!,
    other: {
      class: classes[other[place]!]!,
      score: wanted ? scores[place]! : scores[place]! - lead[place]!,
      reasons: toldReasons(plan, place, rankReasons(people, place, 'other', reasons), 'other'),
    },
  }
}

function idOf({ frame }: DecidedPeople, place: number): string | undefined {
  const column = columnOfRole(frame.columns, 'id')
  return (column && cellText(columnOf(frame, column.name), place)) ?? undefined
}

function alikePeople(
  people: DecidedPeople,
  ordered: readonly string[],
  place: number,
  found: Nearest,
  { groups }: Grouping,
): AlikePeople {
  return {
    rows: found.rows.length,
    favourable: favourableShare(people, place, found),
    nearest: found.rows.map((other, at) => {
      const id = idOf(people, other)
      return {
        row: people.rows[other]!,
        ...(id !== undefined && { id }),
        group: groups.names[groups.codes[other]!]!,
        favourable: fares(people, place, other),
        ...(people.given && { given: people.classes[people.given[other]!]! }),
        score: people.scores[other]!,
        distance: found.distances[at]!,
        differs: differences(people.facets, ordered, place, other),
      }
    }),
  }
}

/** Relevant features, the strongest for a person first. */
function strongestFirst({ features, values, facets }: DecidedPeople, place: number): readonly string[] {
  const known = new Set(facets.relevant)
  const effect = (feature: number) => Math.abs(values[place * features.length + feature]!)
  return [...features.keys()]
    .filter((feature) => known.has(features[feature]!))
    .sort((a, b) => effect(b) - effect(a) || a - b)
    .map((feature) => features[feature]!)
}

/** The first of the features in which two people differ. */
function differences({ column: of }: Facets, ordered: readonly string[], place: number, other: number) {
  const found: { feature: string; own: string; theirs: string }[] = []
  for (const feature of ordered) {
    if (found.length === mostDifferences) break
    const column = of(feature)
    const [own, theirs] = [shownValue(column, place), shownValue(column, other)]
    if (own !== theirs) found.push({ feature, own, theirs })
  }
  return found
}
