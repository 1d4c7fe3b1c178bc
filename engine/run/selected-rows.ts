import type { DuckSession } from '#compute/duckdb-session'
import type { Carried } from '#compute/predicate-holds'
import {
  type ChosenQuery,
  type Hash,
  isOfCells,
  ProblemError,
  type RowPredicate,
  type SelectionCounts,
  type SelectionQuery,
  type Stretches,
  type Table,
} from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { readTable } from './table-viewer.ts'
import { matchingOf, type WireShop } from './wire-facts.ts'

/** Rows of stored tables that views choose: how many, how they fall into bars, and where they stand. */
export interface SelectedRows {
  count(query: SelectionQuery): Promise<SelectionCounts>
  /** As stretches, for those who are far away. */
  stretches(query: ChosenQuery): Promise<Stretches>
  /** All of them, in order. */
  places(table: Hash, where: RowPredicate): Promise<Uint32Array>
  close(): Promise<void>
}

/** Answers kept, the one used longest ago goes first. */
const keptAnswers = 200
const keptPlaces = 4

/** One question of a view; over when the view has asked another. */
interface Question {
  superseded: boolean
}

/** DuckDB starts with the first question and answers one at a time; the older question of a view is interrupted. */
export function createSelectedRows(shop: WireShop): SelectedRows {
  const { store } = shop
  const answers = createKept<SelectionCounts>(keptAnswers)
  const placed = createKept<Uint32Array>(keptPlaces)
  const asking = new Map<string, Question>()
  let opened: Promise<DuckSession> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  let current: Question | undefined

  const open = () => {
    opened ??= import('#compute/duckdb-session').then(({ openSession }) =>
      openSession({
        temporary: store.temporary,
        threads: 2,
        bytes: 1_073_741_824,
        cancelled: () => current?.superseded ?? false,
      }),
    )
    return opened
  }
  function ask<T>(question: Question, work: (session: DuckSession) => Promise<T>): Promise<T> {
    const answer = turn.then(async () => {
      current = question
      try {
        return await work(await open())
      } finally {
        current = undefined
      }
    })
    turn = answer.catch(() => undefined)
    return answer
  }
  function begin(view: string | undefined): Question {
    const question = { superseded: false }
    if (view === undefined) return question
    const older = asking.get(view)
    if (older) older.superseded = true
    asking.set(view, question)
    return question
  }

  async function counted(question: Question, { table: hash, where, bars, beside }: SelectionQuery) {
    const table = await readTable(store, hash)
    const carried = await carriedInto(shop, where, hash, table)
    const { countSelected } = await import('#compute/selected-rows')
    const asked = { where, bars, ...(beside && { beside }) }
    return ask(question, (session) => countSelected(session, store.files, asked, table, carried))
  }

  async function placesOf({ table: hash, where, among, view }: ChosenQuery): Promise<Uint32Array> {
    const question = begin(view)
    const table = await readTable(store, hash)
    const carried = await carriedInto(shop, where, hash, table)
    const { chosenPlaces } = await import('#compute/selected-rows')
    const asked = { where, ...(among && { among }) }
    return ask(question, (session) => chosenPlaces(session, store.files, asked, table, carried))
  }

  return {
    count(query) {
      const { table, where, bars, beside, view } = query
      const question = begin(view)
      const key = canonicalJson({ table, where, bars, ...(beside && { beside: beside.data }) })
      return answers.of(key, () => counted(question, query))
    },
    async stretches(query) {
      const { stretchesOf } = await import('#compute/selected-rows')
      return stretchesOf(await placesOf(query))
    },
    places: (table, where) => placed.of(canonicalJson({ table, where }), () => placesOf({ table, where })),
    async close() {
      await turn
      ;(await opened)?.close()
    },
  }
}

/** Answers by their question; those asked for longest ago go first, and those that failed are asked again. */
function createKept<T>(most: number) {
  const kept = new Map<string, T>()
  return {
    async of(key: string, find: () => Promise<T>): Promise<T> {
      const answer = kept.get(key) ?? (await find())
      kept.delete(key)
      kept.set(key, answer)
      if (kept.size > most) kept.delete(kept.keys().next().value!)
      return answer
    },
  }
}

/** The tables whose rows a predicate names by their place, with how they are found in the one that is asked about. */
async function carriedInto(shop: WireShop, where: RowPredicate, hash: Hash, table: Table): Promise<Carried> {
  const sources = new Set(where.flatMap((condition) => (isOfCells(condition) ? [] : [condition.table])))
  const carried = new Map<Hash, { table: Table; matching: Matching }>()
  for (const source of sources) {
    const origin = source === hash ? table : await readTable(shop.store, source)
    const matching = origin.data === table.data ? same : await relationOf(shop, origin, table)
    if (!matching)
      throw new ProblemError({
        code: 'not-found',
        message: 'The rows were chosen in another table, and none of them can be found again in this one.',
        fix: 'Look at them in a table that theirs came from, or that was made of it.',
      })
    carried.set(source, { table: origin, matching })
  }
  return carried
}

type Matching = NonNullable<Awaited<ReturnType<typeof matchingOf>>>
const same: Matching = { how: 'same', by: [] }

/** Either table may have been made of the other. */
const relationOf = async (shop: WireShop, a: Table, b: Table): Promise<Matching | undefined> =>
  (await matchingOf(shop, { before: a, after: b })) ?? matchingOf(shop, { before: b, after: a })
