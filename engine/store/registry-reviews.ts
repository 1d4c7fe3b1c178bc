import type { FeatureOpinion, Hash, RequiredReviewer, Review, StoredReview } from '#contract'
import type { Database, Row } from './database.ts'

function storedReviews(db: Database, path: '$.modelHash' | '$.evaluationHash', hash: string): readonly StoredReview[] {
  return db
    .all(
      'SELECT id, body, imported_at FROM reviews WHERE json_extract(body, ?) = ? ORDER BY imported_at, id',
      path,
      hash,
    )
    .map((row) => ({
      ...(JSON.parse(row.body as string) as Review),
      id: row.id as string,
      importedAt: row.imported_at as string,
    }))
}

/** Every review of an evaluation, from whatever run, in the order they came in. */
export const reviewsOfEvaluation = (db: Database, evaluation: Hash): readonly StoredReview[] =>
  storedReviews(db, '$.evaluationHash', evaluation)

/**
 * What each reviewer said last about each feature in the reviews of a pipeline's runs, if it was "keep" or "ask"; by
 * feature, then reviewer.
 */
export function featureOpinions(db: Database, pipeline: number): readonly FeatureOpinion[] {
  const newest = new Map<string, Omit<FeatureOpinion, 'opinion'> & { readonly opinion: 'fine' | 'keep' | 'ask' }>()
  const rows = db.all(
    'SELECT body FROM reviews JOIN runs ON runs.number = reviews.run WHERE runs.pipeline = ? ORDER BY imported_at, reviews.id',
    pipeline,
  )
  for (const row of rows) {
    const { reviewer, role, features } = JSON.parse(row.body as string) as Review
    for (const { feature, opinion } of features)
      newest.set(JSON.stringify([feature, reviewer, role]), { feature, opinion, reviewer, role })
  }
  return [...newest.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([, said]) => (said.opinion === 'fine' ? [] : [{ ...said, opinion: said.opinion }]))
}

/** What each reviewer said last about a model. */
export function newestDecisions(db: Database, model: string): readonly StoredReview[] {
  const newest = new Map<string, StoredReview>()
  for (const review of storedReviews(db, '$.modelHash', model)) {
    const key = `${review.reviewer}\n${review.role}`
    newest.delete(key)
    newest.set(key, review)
  }
  return [...newest.values()]
}

/** Roles a stage requires that have not approved the model; a rejection in that role undoes an approval. */
export function missingReviewers(
  db: Database,
  version: Row,
  required: readonly RequiredReviewer[],
  stage: string,
): readonly string[] {
  const roles = required.filter((one) => one.stage === stage).map(({ role }) => role)
  if (roles.length === 0) return []
  const decisions = newestDecisions(db, version.model as string)
  return roles.filter((role) => {
    const own = decisions.filter((review) => review.role.trim().toLowerCase() === role.trim().toLowerCase())
    return own.length === 0 || own.some(({ decision }) => decision === 'reject')
  })
}
