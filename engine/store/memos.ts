import type { JsonValue } from '#contract'
import type { Database } from './database.ts'

/** What was worked out about a file while it had this stamp. */
export function fileMemo(db: Database, path: string, stamp: string): JsonValue | undefined {
  const row = db.get('SELECT body FROM file_memos WHERE path = ? AND stamp = ?', path, stamp)
  return row ? (JSON.parse(row.body as string) as JsonValue) : undefined
}

export function keepFileMemo(db: Database, path: string, stamp: string, body: JsonValue): void {
  db.run('INSERT OR REPLACE INTO file_memos (path, stamp, body) VALUES (?, ?, ?)', path, stamp, JSON.stringify(body))
}

export function inferenceMemo(db: Database, key: string): JsonValue | undefined {
  const row = db.get('SELECT body FROM inference_memos WHERE key = ?', key)
  return row ? (JSON.parse(row.body as string) as JsonValue) : undefined
}

export function keepInferenceMemo(db: Database, key: string, body: JsonValue): void {
  db.run('INSERT OR REPLACE INTO inference_memos (key, body) VALUES (?, ?)', key, JSON.stringify(body))
}
