import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { ProblemError } from '#contract'
import { creditOutcomes } from '#store/credit-outcomes'
import type { Database } from '#store/database'
import { outcomesTable, storeOutcomes } from './outcome-store.ts'
import type { GivenOutcome, OutcomeReceipt } from './parse-outcomes.ts'
import { requestsTable } from './request-table.ts'

/** Keeps outcomes beside the request log and counts them for the rollouts that the answers belong to. */
export function importOutcomes(db: Database, logFile: string, outcomes: readonly GivenOutcome[]): OutcomeReceipt {
  if (!existsSync(logFile))
    throw new ProblemError({
      code: 'not-found',
      message: 'No model of this project has answered yet, so there is nothing that outcomes could belong to.',
      fix: 'Serve a model first: plumbline serve NAME@production.',
    })
  const sqlite = new Sqlite(logFile, { timeout: 15_000 })
  try {
    requestsTable(sqlite)
    sqlite.exec(outcomesTable)
    const { receipt, answered } = storeOutcomes(sqlite, outcomes)
    creditOutcomes(db, answered)
    return receipt
  } finally {
    sqlite.close()
  }
}
