import type { FrameColumn } from '#contract'
import { columnOf } from '#ml/frame'
import { formatPercent } from '#report/format-number'
import { spaced } from '../../fairness/report/wording.ts'
import { shownValue } from '../shap/explained-person.ts'
import type { DecidedPeople } from './decided-people.ts'

/**
 * Reasons as a person can be told them: the value, and how many of those with the favourable outcome (`those`) have less,
 * more or the same. Places are those of `people`.
 */
export function reasonWords(people: DecidedPeople, those: string): (feature: string, place: number) => string {
  const accepted = people.counted.filter((place) => people.favourable[place] === 1)
  return (feature, place) => {
    const column = columnOf(people.frame, feature)
    const said = `${spaced(feature)} ${shownValue(column, place)}`
    return accepted.length === 0 ? said : `${said}, ${comparison(column, place, accepted)} of ${those}`
  }
}

function comparison({ cells, type }: FrameColumn, place: number, accepted: Uint32Array): string {
  const share = (holds: (other: number) => boolean) => accepted.filter(holds).length / accepted.length
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
