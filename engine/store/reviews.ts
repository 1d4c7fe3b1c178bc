import type { Review, StoredReview } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { appendAudit } from './audit-chain.ts'
import type { Database } from './database.ts'
import { hashBytes } from './hashing.ts'

/** Records a review of a run; the same one twice is one. */
export function keepReview(db: Database, run: number, review: Review): StoredReview {
  const body = canonicalJson(review)
  const id = hashBytes(body).slice(0, 16)
  return db.lastingTransaction(() => {
    const known = db.get('SELECT imported_at FROM reviews WHERE id = ?', id)
    if (known) return { ...review, id, importedAt: known.imported_at as string }
    const importedAt = new Date().toISOString()
    db.run('INSERT INTO reviews (id, run, body, imported_at) VALUES (?, ?, ?, ?)', id, run, body, importedAt)
    appendAudit(db, { kind: 'review', subject: id, body: { run: review.run, review: hashBytes(body) } })
    return { ...review, id, importedAt }
  })
}

/** In the order they were imported. */
export function reviewsOf(db: Database, run: number): readonly StoredReview[] {
  return db.all('SELECT id, body, imported_at FROM reviews WHERE run = ? ORDER BY imported_at, id', run).map((row) => ({
    ...(JSON.parse(row.body as string) as Review),
    id: row.id as string,
    importedAt: row.imported_at as string,
  }))
}
