import type { Database } from './database.ts'

/** An earlier step: what it took, and how many rows went in. */
export interface PastStep {
  readonly node: string
  readonly pipeline: string | null
  readonly ms: number
  readonly bytes: number
  readonly rows: number
}

const newest = 200

/** Finished steps of a type in this project, newest first. */
export function stepHistory(db: Database, type: string): readonly PastStep[] {
  const rows = db.all(
    `SELECT steps.node, pipelines.file, steps.ms, coalesce(steps.peak_bytes, 0) AS bytes,
       coalesce((SELECT sum(artifacts.rows) FROM step_inputs JOIN artifacts ON artifacts.hash = step_inputs.artifact
                 WHERE step_inputs.step = steps.id), 0) AS rows
     FROM steps JOIN runs ON runs.number = steps.run JOIN pipelines ON pipelines.id = runs.pipeline
     WHERE steps.type = ? AND steps.status = 'done' AND steps.ms IS NOT NULL
     ORDER BY steps.id DESC LIMIT ?`,
    type,
    newest,
  )
  return rows.map((row) => ({
    node: row.node as string,
    pipeline: row.file as string | null,
    ms: row.ms as number,
    bytes: row.bytes as number,
    rows: row.rows as number,
  }))
}
