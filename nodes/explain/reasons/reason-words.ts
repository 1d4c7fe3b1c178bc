import type { FrameColumn } from '#contract'
import { formatPercent } from '#report/format-number'
import { spaced } from '../../fairness/report/wording.ts'
import { shownValue } from '../shap/explained-person.ts'
import type { DecidedPeople } from './decided-people.ts'

/** Whether a reason is for the decision made, or for the other class that it is compared with. */
export type ReasonSide = 'given' | 'other'
export type ReasonWords = (feature: string, place: number, side: ReasonSide) => string

/** What a reason is told as, in place of the comparison: a creditor's own statement of it. */
export interface Statement {
  readonly feature: string
  readonly statement: string
}

/** Places of those whose values a person's are set beside, and how they are called. */
export interface Compared {
  readonly places: Uint32Array
  readonly those: string
}

/**
 * Reasons as a person can be told them: the statement given for the feature, with {value} for the value; else the value,
 * and how many of those that `compared` names have less, more or the same. Places are those of `people`.
 */
export function reasonWords(
  { facets }: DecidedPeople,
  compared: (place: number, side: ReasonSide) => Compared,
  statements: readonly Statement[],
): ReasonWords {
  const own = new Map(statements.map(({ feature, statement }) => [feature, statement.trim()]))
  return (feature, place, side) => {
    const column = facets.column(feature)
    const value = shownValue(column, place)
    const statement = own.get(feature)
    if (statement) return statement.replaceAll('{value}', value)
    const said = saying[facets.subject](feature, value)
    const { places, those } = compared(place, side)
    return places.length === 0 ? said : `${said}, ${comparison(column, place, places)} of ${those}`
  }
}

const saying: Readonly<Record<DecidedPeople['facets']['subject'], (feature: string, value: string) => string>> = {
  columns: (feature, value) => `${spaced(feature)} ${value}`,
  words: (feature, value) => `“${feature}” is ${value}`,
  pixels: (feature, value) => `brightness ${value} at ${feature}`,
}

function comparison({ cells, type }: FrameColumn, place: number, others: Uint32Array): string {
  const share = (holds: (other: number) => boolean) => others.filter(holds).length / others.length
  if (cells.kind === 'text')
    return `as for ${formatPercent(share((other) => cells.codes[other] === cells.codes[place]))}`
  const own = cells.values[place]!
  const alike = () => `as for ${formatPercent(share((other) => Object.is(cells.values[other], own)))}`
  if (Number.isNaN(own) || type === 'boolean') return alike()
  const below = share((other) => cells.values[other]! < own)
  const above = share((other) => cells.values[other]! > own)
  const [more, less] = type === 'date' ? ['later', 'earlier'] : ['higher', 'lower']
  if (Math.max(below, above) < 0.5) return alike()
  return below >= above ? `${more} than for ${formatPercent(below)}` : `${less} than for ${formatPercent(above)}`
}
