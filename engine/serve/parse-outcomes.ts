/** What became of a row that was answered. */
export interface GivenOutcome {
  /** Id of the answer. */
  readonly request: string
  /** Place of the row in its request, from 0. */
  readonly row: number
  readonly outcome: string | number | boolean
}
export interface OutcomeReceipt {
  readonly stored: number
  /** Outcomes of rows that have one already: the first stays. */
  readonly known: number
  /** Outcomes of requests or rows that the log does not have. */
  readonly unknown: number
}

const mostOutcomes = 10_000

/** Outcomes of a request's body or a file, or what is wrong with them. */
export function parseOutcomes(
  body: unknown,
): { readonly outcomes: readonly GivenOutcome[] } | { readonly error: string } {
  const list = (body as { outcomes?: unknown } | null)?.outcomes
  if (!Array.isArray(list) || list.length === 0 || list.length > mostOutcomes)
    return {
      error: `The body has no list "outcomes" of 1 to ${mostOutcomes}: {"outcomes": [{"request": "…", "row": 0, "outcome": "yes"}]}.`,
    }
  const wrong = list.findIndex((one) => !isOutcome(one))
  if (wrong >= 0)
    return {
      error: `Outcome ${wrong} has not a text "request", a whole number "row" and an "outcome" that is text, number or truth value.`,
    }
  return { outcomes: list.map(({ request, row = 0, outcome }) => ({ request, row, outcome })) }
}

function isOutcome(one: unknown): boolean {
  const { request, row = 0, outcome } = (one ?? {}) as Partial<GivenOutcome>
  const kept = typeof outcome === 'string' || typeof outcome === 'boolean' || Number.isFinite(outcome)
  return typeof request === 'string' && Number.isSafeInteger(row) && row >= 0 && kept
}
