import { type Evaluation, type Hash, ProblemError, type Release, type StoredReview, type Verdict } from '#contract'

export interface ReviewOrder {
  readonly roles: readonly string[]
  readonly conditions: 'accept' | 'wait'
}
interface Judged {
  readonly evaluations: readonly { readonly value: Evaluation; readonly hash: Hash }[]
  readonly model: Hash | undefined
  readonly releases: readonly Release[]
}

const same = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase()

/** What each reviewer said last of these evaluations and this model. */
function newestOf(reviews: readonly StoredReview[], model: Hash | undefined): readonly StoredReview[] {
  const newest = new Map<string, StoredReview>()
  for (const review of reviews)
    if (model === undefined || review.modelHash === model) {
      const key = `${review.reviewer}\n${review.role}`
      newest.delete(key)
      newest.set(key, review)
    }
  return [...newest.values()]
}

const decisions = {
  approve: 'approves',
  'approve-with-conditions': 'approves with conditions',
  reject: 'rejects it',
} as const

const said = (review: StoredReview) =>
  `${review.reviewer}${review.role ? ` (${review.role})` : ''} ${decisions[review.decision]}${review.comment.trim() ? `: “${review.comment.trim().slice(0, 300)}”` : ''}.`

/** One rejection fails it; each role needs one approval; else it waits. Gates at the input stand before it. */
export function judgeReviews(judged: Judged, order: ReviewOrder, reviews: readonly StoredReview[]): Release {
  const model = oneModel(judged)
  const newest = newestOf(reviews, model)
  const own = (order.roles.length > 0 ? order.roles : ['']).map((role) => roleCheck(role, order, newest))
  const strangers = newest.filter(
    ({ decision, role }) =>
      decision === 'reject' && order.roles.length > 0 && !order.roles.some((one) => same(one, role)),
  )
  const rejected = strangers.map((review) =>
    check(`Review by ${review.role || review.reviewer}`, 'fail', 0, said(review)),
  )
  const checks = [...judged.releases.flatMap((release) => release.checks), ...own, ...rejected]
  const verdicts = [...judged.releases.map(({ verdict }) => verdict), ...checks.map(({ verdict }) => verdict)]
  const verdict = (['fail', 'wait', 'pass'] as const).find((one) => verdicts.includes(one))!
  return {
    kind: 'release',
    verdict,
    sentence: sentence(verdict, judged, own),
    ...(model === undefined ? {} : { model }),
    checks,
  }
}

function sentence(verdict: Verdict, { releases }: Judged, own: Release['checks']): string {
  if (releases.some((release) => release.verdict === 'fail')) return 'Not ready: a gate before the review fails.'
  if (verdict === 'fail') return 'Not ready: a reviewer rejects it.'
  const open = own.filter((one) => one.verdict === 'wait').length
  if (verdict === 'wait') return `Waiting for ${open === 1 ? 'a review' : `${open} reviews`}.`
  return 'Approved.'
}

function roleCheck(role: string, order: ReviewOrder, newest: readonly StoredReview[]): Release['checks'][number] {
  const label = role === '' ? 'Review' : `Review by ${role}`
  const own = newest.filter((review) => role === '' || same(review.role, role))
  const rejection = own.find(({ decision }) => decision === 'reject')
  if (rejection) return check(label, 'fail', 0, said(rejection))
  const approvals = own.filter(({ decision }) => decision === 'approve' || order.conditions === 'accept')
  if (approvals.length > 0) return check(label, 'pass', approvals.length, said(approvals.at(-1)!))
  const conditional = own.at(-1)
  return check(
    label,
    'wait',
    0,
    conditional
      ? `${said(conditional)} The conditions are to be met first.`
      : 'Nobody has reviewed it yet: save the report, send it, and import the review that comes back.',
  )
}

function check(label: string, verdict: Verdict, approvals: number, reason: string): Release['checks'][number] {
  return { label, metric: 'review', operator: '>=', limit: 1, estimate: { value: approvals }, verdict, reason }
}

function oneModel({ evaluations, model, releases }: Judged): Hash | undefined {
  const all = [model, ...evaluations.map(({ value }) => value.model), ...releases.map((release) => release.model)]
  const known = [...new Set(all.filter((hash) => hash !== undefined))]
  if (known.length < 2) return known[0]
  throw new ProblemError({
    code: 'not-supported',
    message: 'The wires of the review come from different models.',
    path: ['inputs', 'model'],
    fix: 'Wire the model that was evaluated',
  })
}
