import type Sqlite from 'better-sqlite3'
import type { GivenOutcome, OutcomeReceipt } from './parse-outcomes.ts'

/** An outcome beside what had been answered. */
export interface AnsweredOutcome extends GivenOutcome {
  readonly version: number
  readonly decision: string | number
  /** The rollout that was under way then. */
  readonly rollout: number | null
}
/** Beside the log of requests, in the same file. */
export const outcomesTable = `
CREATE TABLE IF NOT EXISTS outcomes (
  request TEXT NOT NULL,
  row INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  at_ms INTEGER NOT NULL,
  PRIMARY KEY (request, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS requests_by_id ON requests (id);
`

/** Keeps outcomes of rows that the log has, and tells what had been answered. */
export function storeOutcomes(
  sqlite: Sqlite.Database,
  outcomes: readonly GivenOutcome[],
): { readonly receipt: OutcomeReceipt; readonly answered: readonly AnsweredOutcome[] } {
  const find = sqlite.prepare('SELECT version, rollout, route, response FROM requests WHERE id = ? AND status = 200')
  const insert = sqlite.prepare('INSERT OR IGNORE INTO outcomes (request, row, outcome, at_ms) VALUES (?, ?, ?, ?)')
  const answered: AnsweredOutcome[] = []
  let known = 0
  let unknown = 0
  sqlite
    .transaction(() => {
      for (const one of outcomes) {
        const answer = answerOf(find.get(one.request) as LoggedRow | undefined, one.row)
        if (!answer) unknown++
        else if (insert.run(one.request, one.row, JSON.stringify(one.outcome), Date.now()).changes === 0) known++
        else answered.push({ ...one, ...answer })
      }
    })
    .immediate()
  return { receipt: { stored: answered.length, known, unknown }, answered }
}

interface LoggedRow {
  readonly version: number
  readonly rollout: number | null
  readonly route: string
  readonly response: string
}

function answerOf(logged: LoggedRow | undefined, row: number): Omit<AnsweredOutcome, keyof GivenOutcome> | undefined {
  if (!logged) return undefined
  const { version, rollout, route } = logged
  const response = JSON.parse(logged.response) as InferResponse & PredictResponse
  if (route === 'infer') {
    const decision = response.outputs.at(-1)!.data[row]
    const versions = response.parameters.versions?.split(',').map(Number)
    return decision === undefined ? undefined : { version: versions?.[row] ?? version, rollout, decision }
  }
  const prediction = response.predictions[row]
  return prediction && { version: prediction.version ?? version, rollout, decision: prediction.decision }
}
interface InferResponse {
  readonly outputs: readonly { readonly data: readonly (string | number)[] }[]
  readonly parameters: { readonly versions?: string }
}
interface PredictResponse {
  readonly predictions: readonly { readonly decision: string | number; readonly version?: number }[]
}
