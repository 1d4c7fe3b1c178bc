import type { Column, Frame, PersonReasons } from '#contract'
import { columnOf, takeRows } from '#ml/frame'
import { columnFrom, type PlainCell } from '#ml/frame-of'
import { columnOfRole, protectedNames } from '#ml/roles'

export interface TableShape {
  readonly columns: readonly Column[]
  /** Reasons a person. */
  readonly reasons: number
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

/** Id and protected columns as they come, then what was decided and why; a given name that is taken gets "_given". */
export function tableColumns({ columns, reasons }: TableShape): readonly Column[] {
  const attributes = protectedNames(columns)
  const own = [...head, ...reasonColumns(reasons), ...alikeColumns(attributes)]
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
    people.map(({ favourable }) => (favourable ? a.decisions.favourable : a.decisions.unfavourable)),
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
