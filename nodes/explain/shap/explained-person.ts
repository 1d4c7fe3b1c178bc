import { type Explanation, type Frame, type FrameColumn, ProblemError } from '#contract'
import { closestRefused, middlePerson, worstOffGroup } from '#ml/explain/choose-person'
import { nearestRows } from '#ml/fairness/consistency'
import { type Groups, protectedGroups } from '#ml/fairness/protected-groups'
import { cellText, columnOf } from '#ml/frame'
import { columnOfRole, protectedNames } from '#ml/roles'
import { formatInteger, formatNumber, formatPercent } from '#report/format-number'
import type { Explainable, ExplainedRows } from './explained-rows.ts'

type Person = Explanation['people'][number]

const spaced = (name: string) => name.replace(/[_\s]+/g, ' ').trim()

/** A cell as people read it. */
export function shownValue(column: FrameColumn, row: number): string {
  const text = cellText(column, row)
  if (text === null || text === '') return 'missing'
  if (column.type === 'date') return text.slice(0, 10)
  if (column.cells.kind === 'number' && column.type !== 'boolean') return formatNumber(column.cells.values[row]!)
  return text
}

/** "approved" of a target approved with classes yes and no; else "grade: good". */
function outcomeWords(explained: Explainable, positive: boolean): string {
  const { model, positive: wanted } = explained
  const target = spaced(model.target ?? 'target')
  if (explained.regression) return `${target} predicted`
  if (/^[a-z]+ed$/.test(target) && /^(yes|y|true|1)$/i.test(wanted)) return positive ? target : `not ${target}`
  const other = (model.classes ?? []).find((name) => name !== wanted) ?? `not ${wanted}`
  return `${target} ${positive ? wanted : other}`
}

/** A person at a place among the explained rows. */
function describe(explained: Explainable, all: ExplainedRows, place: number, note: string | undefined): Person {
  const width = all.features.length
  const id = columnOfRole(all.frame.columns, 'id')
  const text = id && cellText(columnOf(all.frame, id.name), place)
  const contributions = all.features.map((feature, j) => ({
    feature,
    value: shownValue(columnOf(all.frame, feature), place),
    contribution: all.values[place * width + j]!,
  }))
  const score = all.scores[place]!
  return {
    row: all.rows[place]!,
    ...(text != null && { id: text }),
    score,
    outcome: outcomeWords(explained, score >= explained.threshold),
    ...(note !== undefined && { note }),
    contributions: contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  }
}

interface Attribute {
  readonly column: string
  readonly groups: Groups
  readonly worst: number
}

/** The protected group that is refused most often, over all protected columns. */
function worstOff(frame: Frame, scores: Float64Array, refused: Uint8Array): Attribute | undefined {
  const share = ({ groups, worst }: Attribute) => {
    let rows = 0
    let lost = 0
    groups.codes.forEach((code, row) => {
      if (code !== worst) return
      rows++
      lost += refused[row]!
    })
    return lost / rows
  }
  const attributes = protectedNames(frame.columns).flatMap((column): Attribute[] => {
    const cells = columnOf(frame, column)
    if (cells.type === 'image') return []
    const groups = protectedGroups(cells)
    const worst = worstOffGroup({ scores, refused, groups })
    return worst < 0 || worst === groups.missing ? [] : [{ column, groups, worst }]
  })
  return attributes.reduce<Attribute | undefined>(
    (best, next) => (best && share(best) >= share(next) ? best : next),
    undefined,
  )
}

const mostAlike = 50

/** How people with similar prepared data outside the person's group fare; what trees see has no common scale to compare on. */
function comparisonNote(
  explained: Explainable,
  all: ExplainedRows,
  place: number,
  attribute: Attribute,
): string | undefined {
  const { groups, worst, column } = attribute
  if (groups.codes[place] !== worst || explained.exact.kind === 'trees') return undefined
  const nearest = new Uint32Array(mostAlike)
  const distances = new Float64Array(mostAlike)
  const found = nearestRows(all.matrix, place, nearest, distances, (other) => groups.codes[other] !== worst)
  if (found < mostAlike) return undefined
  const accepted = nearest.filter((other) => all.scores[other]! >= explained.threshold).length
  const group = `${spaced(column)} ${groups.names[worst]}`
  return `Of the ${formatInteger(found)} people outside ${group} whose data are most alike, ${formatPercent(accepted / found)} are predicted ${outcomeWords(explained, true)}.`
}

/** The person shown when nobody is named: near the limit and refused, from the worst-off group; for numbers the middle one. */
export function typicalPerson(explained: Explainable, all: ExplainedRows): Person | undefined {
  const { scores, frame } = all
  if (explained.regression) {
    const middle = middlePerson(scores)
    return middle < 0 ? undefined : describe(explained, all, middle, undefined)
  }
  const refused = Uint8Array.from(scores, (score) => Number(score < explained.threshold))
  const attribute = worstOff(frame, scores, refused)
  const people = { scores, refused, ...(attribute && { groups: attribute.groups }) }
  const place = closestRefused(people, attribute?.worst ?? -1)
  if (place < 0) return undefined
  return describe(explained, all, place, attribute && comparisonNote(explained, all, place, attribute))
}

export const namedPerson = (explained: Explainable, one: ExplainedRows): Person =>
  describe(explained, one, 0, undefined)

/** Row of the person: first by the column of role id, then as a row number counted from 1. */
export function findPerson(frame: Frame, named: string): number {
  const wanted = named.trim()
  const id = columnOfRole(frame.columns, 'id')
  if (id) {
    const column = columnOf(frame, id.name)
    for (let row = 0; row < frame.rows; row++) if (cellText(column, row) === wanted) return row
  }
  const number = Number(wanted)
  if (/^\d+$/.test(wanted) && number >= 1 && number <= frame.rows) return number - 1
  throw new ProblemError({
    code: 'parameter-bad',
    message: `The table has no person "${wanted}"${id ? ` in ${id.name}` : ''}, and no such row.`,
    path: ['params', 'person'],
    fix: `Write ${id ? `a value of ${id.name}, or ` : ''}a row number from 1 to ${frame.rows}`,
  })
}
