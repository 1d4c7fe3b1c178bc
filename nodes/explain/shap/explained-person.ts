import { type Explanation, type Frame, type FrameColumn, ProblemError } from '#contract'
import { closestRefused, middlePerson, worstOffGroup } from '#ml/explain/choose-person'
import { termsStep } from '#ml/explain/subject'
import { textParts, wordPushes } from '#ml/explain/text-parts'
import { nearestRows } from '#ml/fairness/consistency'
import { type Groups, protectedGroups } from '#ml/fairness/protected-groups'
import { cellText, columnOf } from '#ml/frame'
import type { Preparation } from '#ml/prepare/preparation'
import { columnOfRole, protectedNames } from '#ml/roles'
import { formatInteger, formatNumber, formatPercent } from '#report/format-number'
import { type Explainable, type ExplainedOutputs, type ExplainedRows, gridOf, rowsOf } from './explained-rows.ts'

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

/** What a player is worth to a person: a cell, or whether a term is in the text. */
function playerValue({ subject }: Explainable, { frame, features, matrix }: ExplainedRows, j: number, place: number) {
  if (subject === 'columns') return shownValue(columnOf(frame, features[j]!), place)
  if (!matrix || subject === 'pixels') return ''
  return matrix.values[place * matrix.columns + j] === 0 ? 'not in it' : 'in it'
}

/** A person at a place among the explained rows. */
function describe(explained: Explainable, all: ExplainedRows, place: number, note: string | undefined): Person {
  const width = all.features.length
  const id = columnOfRole(all.frame.columns, 'id')
  const text = id && cellText(columnOf(all.frame, id.name), place)
  const contributions = all.features.map((feature, j) => ({
    feature,
    value: playerValue(explained, all, j, place),
    contribution: all.values[place * width + j]!,
    ...(all.errors && { error: all.errors[place * width + j]! }),
  }))
  const score = all.scores[place]!
  const several = explained.model.purpose === 'multiclass'
  return {
    row: all.rows[place]!,
    ...(text != null && { id: text }),
    score,
    ...(several && { class: explained.positive, base: all.base }),
    outcome: several
      ? `${spaced(explained.model.target ?? 'target')} ${explained.positive}`
      : outcomeWords(explained, score >= explained.threshold),
    ...(note !== undefined && { note }),
    contributions: strongest(
      contributions.sort((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
      explained.subject === 'columns' ? contributions.length : mostPieces,
    ),
    ...drawnPieces(explained, all, place),
  }
}

/** Words or cells that are told one by one. */
const mostPieces = 20

/** The first ones, and all others together: they still add up. */
function strongest(contributions: Person['contributions'], most: number): Person['contributions'] {
  if (contributions.length <= most + 1) return contributions
  const rest = contributions.slice(most)
  const contribution = rest.reduce((sum, one) => sum + one.contribution, 0)
  return [...contributions.slice(0, most), { feature: `${rest.length} others`, value: '', contribution }]
}

/** What is drawn of texts and pictures. */
type Pieces = Pick<ExplainedRows, 'frame' | 'features' | 'values' | 'pieces'>

/** The text in pieces or the picture in cells, where the model looks inside one. */
export function drawnPieces(explained: Explainable, all: Pieces, place: number): Pick<Person, 'parts' | 'picture'> {
  const parts = partsOf(explained, all, place)
  const picture = pictureOf(explained, all, place)
  return { ...(parts && { parts }), ...(picture && { picture }) }
}

/** A text in pieces: what each word pushed, or its share of what the terms it is in pushed. */
function partsOf({ subject, model }: Explainable, all: Pieces, place: number): Person['parts'] {
  if (subject !== 'words') return undefined
  const text = cellText(columnOf(all.frame, model.features[0]!.name), place) ?? ''
  const own = all.pieces?.[place]
  if (own) return textParts(text, own)
  const step = termsStep(model.preparation as unknown as Preparation | undefined)
  if (!step) return undefined
  const width = all.features.length
  const pushes = new Map(all.features.map((term, j) => [term, all.values[place * width + j]!]))
  return textParts(
    text,
    wordPushes(text, step, (term) => pushes.get(term) ?? 0),
  )
}

function pictureOf(explained: Explainable, { frame, features, values }: Pieces, place: number): Person['picture'] {
  const grid = gridOf(explained, features.length)
  const { name, image } = explained.model.features[0] ?? {}
  const cell = name !== undefined && image ? cellText(columnOf(frame, name), place) : null
  if (!grid || !image || !cell) return undefined
  const { rows, columns } = grid
  const own = values.subarray(place * features.length, (place + 1) * features.length)
  return { rows, columns, size: image, cell, values: Array.from(own, rounded) }
}

/** Five digits are enough for a colour. */
export const rounded = (value: number): number => Number(value.toPrecision(5))

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
  if (groups.codes[place] !== worst || explained.method !== 'linear' || !all.matrix) return undefined
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

export const namedPeople = (explained: Explainable, named: ExplainedRows): readonly Person[] =>
  Array.from(named.rows, (_, place) => describe(explained, named, place, undefined))

/** Classes of several that are told of by somebody. */
const shownClasses = 6

/** The class that the file gives each row. */
export function predictedPlaces({ raw, rows }: ExplainedOutputs): Int32Array {
  const { values, width } = raw
  return Int32Array.from(rows, (_, row) => {
    let best = 0
    for (let place = 1; place < width; place++)
      if (values[row * width + place]! > values[row * width + best]!) best = place
    return best
  })
}

/** Of several classes: for each explained one the row in the middle of those that are given it, by its probability. */
export function typicalOfClasses(explained: Explainable, all: ExplainedOutputs): readonly Person[] {
  const predicted = predictedPlaces(all)
  const people: Person[] = []
  for (const [at, { place }] of all.outputs.entries()) {
    const own = rowsOf(all, at)
    const given = [...predicted.keys()].filter((row) => predicted[row] === place)
    given.sort((a, b) => own.scores[a]! - own.scores[b]! || a - b)
    const middle = given[Math.floor(given.length / 2)]
    if (middle !== undefined && people.length < shownClasses)
      people.push(describe(ofClass(explained, place), own, middle, undefined))
  }
  return people
}

/** Each named row, for the class it is given or, where that is not explained, the explained one. */
export function namedOfClasses(explained: Explainable, all: ExplainedOutputs): readonly Person[] {
  return Array.from(predictedPlaces(all), (predicted, row) => {
    const at = Math.max(
      0,
      all.outputs.findIndex(({ place }) => place === predicted),
    )
    return describe(ofClass(explained, all.outputs[at]!.place), rowsOf(all, at), row, undefined)
  })
}

const ofClass = (explained: Explainable, place: number): Explainable => ({
  ...explained,
  positive: explained.model.classes![place]!,
})

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
