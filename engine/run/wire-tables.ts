import type { DuckSession } from '#compute/duckdb-session'
import type { Store } from '#store/open-store'

/** One DuckDB for what is asked of tables on wires; it starts with the first question, and answers one at a time. */
export interface WireTables {
  ask<T>(question: (session: DuckSession) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function createWireTables(store: Pick<Store, 'temporary'>): WireTables {
  let opened: Promise<DuckSession> | undefined
  let turn: Promise<unknown> = Promise.resolve()
  const open = () => {
    opened ??= import('#compute/duckdb-session').then(({ openSession }) =>
      openSession({ temporary: store.temporary, threads: 2, bytes: 1_073_741_824, cancelled: () => false }),
    )
    return opened
  }
  return {
    ask(question) {
      const answer = turn.then(async () => question(await open()))
      turn = answer.catch(() => undefined)
      return answer
    },
    async close() {
      await turn
      ;(await opened)?.close()
    },
  }
}
