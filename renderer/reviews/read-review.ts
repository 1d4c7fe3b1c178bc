import { type Engine, type JsonValue, type Problem, ProblemError, problemsOf, type StoredReview } from '#contract'
import { decisionSigns, shortId } from '../runs/status-signs.ts'
import { reviewsMessages as words } from './reviews-messages.ts'

export interface ImportAnswer {
  readonly file: string
  readonly sentence: string
  readonly problems: readonly Problem[]
}

/** The text of a review file as JSON. */
export function parseReview(name: string, text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new ProblemError(
      {
        code: 'file-format',
        message: words.notJson(name),
        fix: words.notJsonCure,
      },
      { cause },
    )
  }
}

export function importSentence(review: StoredReview): string {
  const { word } = decisionSigns[review.decision]
  return words.imported(review.reviewer, review.role ?? '', word, shortId(review.run))
}

/** Imports one file and says in words what came of it. */
export async function importReviewFile(
  engine: Engine,
  file: { readonly name: string; text(): Promise<string> },
): Promise<ImportAnswer> {
  try {
    const review = await engine.importReview({ review: parseReview(file.name, await file.text()) })
    return { file: file.name, sentence: importSentence(review), problems: [] }
  } catch (error) {
    return { file: file.name, sentence: '', problems: problemsOf(error) }
  }
}
