import type { DuckSession } from '#compute/duckdb-session'
import type { Hash, SelectionCounts, SelectionQuery } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import type { Store } from '#store/open-store'
import { readTable } from './table-viewer.ts'

/** Rows of stored tables by what stands in their columns: how many, and how they fall into bars. */
export interface SelectedRows {
  count(query: SelectionQuery): Promise<SelectionCounts>
  close(): Promise<void>
}

/** Answers kept, the one used longest ago goes first. */
const keptAnswers = 200

/** One question of a view; over when the view has asked another. */
interface Question {
  superseded: boolean
}

/** DuckDB starts with the first question and answers one at a time; the older question of a view is interrupted. */
export function createSelectedRows(store: Pick<Store, 'db' | 'files' | 'temporary'>): SelectedRows {
  const answers = new Map<string, SelectionCounts>()
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

  async function counted(question: Question, hash: Hash, asked: Pick<SelectionQuery, 'where' | 'bars'>) {
    const table = await readTable(store, hash)
    const { countSelected } = await import('#compute/selected-rows')
    return ask(question, (session) => countSelected(session, store.files, asked, table))
  }

  return {
    async count({ table, where, bars, view }) {
      const question = begin(view)
      const key = canonicalJson({ table, where, bars })
      const answer = answers.get(key) ?? (await counted(question, table, { where, bars }))
      answers.delete(key)
      answers.set(key, answer)
      if (answers.size > keptAnswers) answers.delete(answers.keys().next().value!)
      return answer
    },
    async close() {
      await turn
      ;(await opened)?.close()
    },
  }
}
