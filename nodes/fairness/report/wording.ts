import type { Fairness, FairnessAttribute, GroupFigures, Model } from '#contract'

/** How one group is called in sentences, where its column and value alone would read badly. */
export interface GroupName {
  readonly column: string
  readonly group: string
  readonly name: string
}

export interface Wording {
  /** "are approved", "get the favourable outcome (>50K)". */
  readonly verb: string
  /** "approved", "favourable (>50K)": a column's head. */
  readonly adjective: string
  /** "Who is approved". */
  readonly question: string
  readonly names: readonly GroupName[]
}

const affirmative = new Set(['yes', 'y', 'true', '1'])

/** Words for the favourable outcome: the author's own, else the target's name where it reads as one, else in general. */
export function wordingFor(
  fairness: Pick<Fairness, 'favourable'>,
  model: Model | undefined,
  outcome: string,
  names: readonly GroupName[],
): Wording {
  const target = model?.target ?? ''
  const readable = /^[a-z]+ed$/.test(target) && affirmative.has(fairness.favourable.toLowerCase())
  const word = outcome.trim() || (readable ? target : '')
  if (word) return { verb: `are ${word}`, adjective: word, question: `Who is ${word}`, names }
  const favourable = target ? `${spaced(target)}: ${fairness.favourable}` : fairness.favourable
  return {
    verb: `get the favourable outcome (${favourable})`,
    adjective: `favourable (${favourable})`,
    question: 'Who gets the favourable outcome',
    names,
  }
}

/** A column's name as words: age_group is "age group". */
export function spaced(name: string): string {
  return name.replace(/[_\s]+/g, ' ').trim()
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function ownName(attribute: FairnessAttribute, group: GroupFigures, names: readonly GroupName[]): string | undefined {
  const [column] = attribute.columns
  if (attribute.columns.length !== 1) return undefined
  return names.find((name) => name.column === column && name.group === group.group)?.name.trim() || undefined
}

/** A group beside its bar and in tables: "age group 60+". */
export function groupLabel(attribute: FairnessAttribute, group: GroupFigures, wording: Wording): string {
  return ownName(attribute, group, wording.names) ?? `${attribute.columns.map(spaced).join(' × ')} ${group.group}`
}

/** A group in a sentence: "people with age group 60+". */
export function groupPeople(attribute: FairnessAttribute, group: GroupFigures, wording: Wording): string {
  const own = ownName(attribute, group, wording.names)
  return own ?? `people with ${attribute.columns.map(spaced).join(' × ')} ${group.group}`
}

/** "train/linear" as it is called on the canvas: "linear model". */
export function learnerName(model: Model): string {
  const name = spaced((model.learner.type.split('/')[1] ?? model.learner.type).replaceAll('-', ' '))
  return name === 'linear' ? 'linear model' : name
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
