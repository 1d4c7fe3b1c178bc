import type { Column, Frame, PersonReasons, ReasonChange } from '#contract'
import { columnOf, takeRows } from '#ml/frame'
import { columnFrom, type PlainCell } from '#ml/frame-of'
import { columnOfRole, protectedNames } from '#ml/roles'
import { spaced } from '../../fairness/report/wording.ts'
import { leftOut } from './left-out.ts'

export interface TableShape {
  readonly columns: readonly Column[]
  /** Reasons a person. */
  readonly reasons: number
  /** Whether the model tells several classes apart: the next one stands beside the one given. */
  readonly several?: boolean
  /** Whether the smallest change for another decision is told. */
  readonly changes?: boolean
}

const reasonParts = ['', '_value', '_effect', '_words'] as const

/** Own columns of the table: number of the row, what was decided, the score. */
const head: readonly Column[] = [
  { name: 'row', type: 'integer', nullable: false, role: 'label' },
  { name: 'decision', type: 'text', nullable: false, role: 'label' },
  { name: 'score', type: 'number', nullable: false, role: 'label' },
]
const reasonColumns = (reasons: number): readonly Column[] =>
  Array.from({ length: reasons }, (_, at) =>
    reasonParts.map(
      (part): Column => ({
        name: `reason_${at + 1}${part}`,
        type: part === '_effect' ? 'number' : 'text',
        nullable: true,
        role: 'label',
      }),
    ),
  ).flat()
const alikeColumns = (attributes: readonly string[]): readonly Column[] =>
  attributes.flatMap((column) =>
    ['same', 'other'].map(
      (part): Column => ({ name: `${column}_alike_${part}`, type: 'number', nullable: true, role: 'label' }),
    ),
  )

const label = (name: string, type: Column['type']): Column => ({ name, type, nullable: true, role: 'label' })
const otherColumns = [label('other', 'text'), label('other_score', 'number'), label('other_words', 'text')]
const changeColumns = [label('change_to', 'text'), label('change', 'text')]

/** Id and protected columns as they come, then what was decided and why; a given name that is taken gets "_given". */
export function tableColumns({ columns, reasons, several, changes }: TableShape): readonly Column[] {
  const attributes = protectedNames(columns)
  const own = [
    ...head,
    ...reasonColumns(reasons),
    ...alikeColumns(attributes),
    ...(several ? otherColumns : []),
    ...(changes ? changeColumns : []),
  ]
  const taken = new Set(own.map(({ name }) => name))
  return [
    ...givenColumns(columns).map((column) =>
      taken.has(column.name) ? { ...column, name: `${column.name}_given` } : column,
    ),
    ...own,
  ]
}

function givenColumns(columns: readonly Column[]): readonly Column[] {
  const id = columnOfRole(columns, 'id')
  return [...(id ? [id] : []), ...columns.filter(({ role }) => role === 'protected')]
}

/** "debt ratio 0.31 instead of 0.52; savings 3,000 instead of 1,200", of texts "without “card”, “lost”". */
export function changeWords({ cells }: ReasonChange): string {
  if (cells.every(({ to }) => to === leftOut.words[1]))
    return `without ${cells.map(({ feature }) => `“${feature}”`).join(', ')}`
  return cells.map(({ feature, from, to }) => `${spaced(feature)} ${to} instead of ${from}`).join('; ')
}

/** One row a person, in the order given; `places` are theirs in `frame`. */
export function reasonsFrame(
  a: TableShape & {
    readonly frame: Frame
    readonly places: readonly number[]
    readonly decisions: { readonly favourable: string; readonly unfavourable: string }
  },
  people: readonly PersonReasons[],
): Frame {
  const columns = tableColumns(a)
  const given = givenColumns(a.columns)
  const kept = takeRows(a.frame, Uint32Array.from(a.places))
  const cells: PlainCell[][] = [
    people.map(({ row }) => row + 1),
    people.map(({ favourable, given }) => given ?? (favourable ? a.decisions.favourable : a.decisions.unfavourable)),
    people.map(({ score }) => score),
    ...Array.from({ length: a.reasons }, (_, at) => [
      people.map(({ reasons }) => reasons[at]?.feature ?? null),
      people.map(({ reasons }) => reasons[at]?.value ?? null),
      people.map(({ reasons }) => reasons[at]?.contribution ?? null),
      people.map(({ reasons }) => reasons[at]?.words ?? null),
    ]).flat(),
    ...protectedNames(a.columns).flatMap((name) => {
      const of = (person: PersonReasons) => person.alike.find(({ column }) => column === name)
      return [
        people.map((person) => of(person)?.same.favourable ?? null),
        people.map((person) => of(person)?.other.favourable ?? null),
      ]
    }),
    ...(a.several
      ? [
          people.map(({ other }) => other?.class ?? null),
          people.map(({ other }) => other?.score ?? null),
          people.map(({ other }) => other?.reasons.map(({ words }) => words).join('; ') || null),
        ]
      : []),
    ...(a.changes
      ? [
          people.map(({ change }) => change?.to ?? null),
          people.map(({ change }) => (change ? changeWords(change) : null)),
        ]
      : []),
  ]
  return {
    rows: people.length,
    columns: columns.map((column, at) =>
      at < given.length
        ? { ...column, cells: columnOf(kept, given[at]!.name).cells }
        : columnFrom(column.name, column.type, cells[at - given.length]!, column),
    ),
  }
}
