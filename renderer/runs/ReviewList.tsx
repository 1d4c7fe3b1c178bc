import type { StoredReview } from '#contract'
import { formatDate } from '#report/format-time'
import { Sign } from './Sign.tsx'
import { decisionSigns } from './status-signs.ts'

/** Reviews with author, decision and comment, oldest first. */
export function ReviewList({ reviews }: { readonly reviews: readonly StoredReview[] }) {
  return (
    <ul className="review-list">
      {reviews.map((review) => (
        <li key={review.id}>
          <b>{review.reviewer}</b>
          {review.role && <span className="mute"> · {review.role}</span>} <Sign sign={decisionSigns[review.decision]} />
          <small className="mute"> {formatDate(review.at)}</small>
          {review.comment && <blockquote>{review.comment}</blockquote>}
          {review.features.length > 0 && (
            <small className="mute">
              {review.features.map((feature) => `${feature.feature}: ${feature.opinion}`).join(' · ')}
            </small>
          )}
        </li>
      ))}
    </ul>
  )
}
