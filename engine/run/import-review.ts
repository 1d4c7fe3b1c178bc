import { z } from 'zod'
import { type JsonValue, ProblemError, type Review, type StoredReview } from '#contract'
import type { Database } from '#store/database'
import { findRun } from '#store/read-runs'
import { keepReview } from '#store/reviews'

export const reviewSchema = z.object({
  format: z.literal(1),
  run: z.string().min(1),
  evaluationHash: z.string(),
  modelHash: z.string(),
  reviewer: z.string().trim().min(1),
  role: z.string(),
  decision: z.enum(['approve', 'approve-with-conditions', 'reject']),
  comment: z.string().max(100_000),
  features: z.array(z.object({ feature: z.string(), opinion: z.enum(['fine', 'keep', 'ask']) })).max(10_000),
  at: z.string(),
})

/** Records a review that came back, if it judges what the run made. */
export function importReview(db: Database, value: JsonValue): StoredReview {
  const review = readReview(value)
  const run = findRun(db, review.run)
  const wanted = [
    ['evaluation', review.evaluationHash],
    ['model', review.modelHash],
  ] as const
  for (const [kind, hash] of wanted) {
    const found = db.get(
      `SELECT 1 FROM step_outputs JOIN steps ON steps.id = step_outputs.step JOIN artifacts ON artifacts.hash = artifact
       WHERE steps.run = ? AND artifact = ? AND kind = ?`,
      run.number!,
      hash,
      kind,
    )
    if (!found) throw mismatch(review, kind, hash)
  }
  return keepReview(db, run.number as number, { ...review, run: run.id as string })
}

function readReview(value: JsonValue): Review {
  const parsed = reviewSchema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new ProblemError({
    code: 'file-format',
    message: `The file is not a review that a Plumbline report saved: ${z.prettifyError(parsed.error).slice(0, 500)}`,
    fix: 'Choose the file whose name ends in .review.json that the report page saved.',
  })
}

function mismatch(review: Review, kind: string, hash: string): ProblemError {
  return new ProblemError({
    code: 'review-mismatch',
    message: `The review by ${review.reviewer} judges another ${kind} (${hash.slice(0, 12)}) than the run ${review.run} made.`,
    fix: 'Send the reviewer the report of this run, and import the file that comes back.',
  })
}
