import { type Engine, type JsonValue, type Problem, ProblemError, problemsOf, type StoredReview } from '#contract'
import { decisionSigns, shortId } from '../runs/status-signs.ts'

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
        message: `${name} is not a review file: its text is not JSON.`,
        fix: 'Choose the file that the report saved; its name ends in .review.json',
      },
      { cause },
    )
  }
}

export function importSentence(review: StoredReview): string {
  const role = review.role ? `, ${review.role},` : ''
  return `${review.reviewer}${role} ${decisionSigns[review.decision].word} run ${shortId(review.run)}. The review is in the lineage.`
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
