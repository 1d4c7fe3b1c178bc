import type { Frame, Model, ShapKernels } from '#contract'
import { hasExactReasons } from '#ml/explain/reason-basis'
import { subjectOf } from '#ml/explain/subject'
import { type Matrix, matrix } from '#ml/matrix'
import { applyPreparation } from '#ml/prepare/preparation'
import type { LinkedTrees } from '#ml/trees/ensemble-json'
import { explainByScore } from './explain-by-score.ts'
import { type ExactModel, exactLinear, exactTrees } from './explain-exact.ts'
import { ModelAway, type Scores } from './model-runner.ts'
import {
  type Explained,
  type ExplainedFeed,
  type ExplainFeed,
  mostPieces,
  type Reasons,
  rankedContributions,
} from './reasons.ts'
import { type Feed, feedFrame } from './row-check.ts'

/** What explanations stand on, read when it is first needed. */
export interface ExplainSource {
  readonly model: Model
  /** Means of the prepared columns of the training rows. */
  means(): Promise<ArrayLike<number>>
  /** Rows to compare with; undefined where none are at hand. */
  background(): Promise<Frame | undefined>
  trees(): Promise<LinkedTrees>
  kernels(): Promise<ShapKernels>
  /** The file that is served; rejects with ModelAway. */
  score(feed: Feed): Promise<Scores>
}

const mostExactRows = 1_000
const mostScoredRows = 20
/** Contributions that do not add up to what the file says explain another model. */
const slack = 1e-6

/**
 * Reasons of a model's answers: exact ones where its weights or trees are known and add up to the score of the file, else
 * permutation SHAP within a fixed budget, else a sentence that says why not.
 */
export function explainModel(source: ExplainSource): ExplainFeed {
  const { model } = source
  const once = <T>(make: () => Promise<T>) => {
    let made: Promise<T> | undefined
    return () => (made ??= make())
  }
  const exact = once(() => openExact(source))
  const words = subjectOf(model) === 'words'
  const background = once(source.background)
  const byScore = async (asked: ExplainedFeed, row: number): Promise<Explained> => {
    if (row >= mostScoredRows) return { reasonsNotAvailable: limitSentence(mostScoredRows) }
    try {
      const rows = await background()
      if (!rows) return { reasonsNotAvailable: 'Reasons need training rows of the model, which are not here.' }
      return { reasons: named(model, asked, row, await explainByScore(model, rows, asked, row, source.score)) }
    } catch (error) {
      if (error instanceof ModelAway) return { reasonsNotAvailable: error.message }
      throw error
    }
  }
  return async (asked) => {
    const known = hasExactReasons(model) ? await exact() : undefined
    const prepared = known && applyPreparation(known.preparation, feedFrame(model.features, asked.feed))
    const explained: Explained[] = []
    for (let row = 0; row < asked.feed.rows; row++) {
      const over = known && row >= mostExactRows
      const reasons = known && !over && exactReasons(known, prepared!, asked, row, words)
      explained.push(
        over
          ? { reasonsNotAvailable: limitSentence(mostExactRows) }
          : reasons
            ? { reasons: named(model, asked, row, reasons) }
            : await byScore(asked, row),
      )
    }
    return explained
  }
}

const limitSentence = (rows: number) => `Reasons are given for the first ${rows} rows of a request.`

async function openExact(source: ExplainSource): Promise<ExactModel> {
  const { model } = source
  if (model.linear) return exactLinear(model, await source.means())
  return exactTrees(model, await source.trees(), await source.kernels())
}

/** Undefined where they do not add up to the score that was answered. */
function exactReasons(
  { method, explain }: ExactModel,
  prepared: Matrix,
  { scores, places }: ExplainedFeed,
  row: number,
  words: boolean,
): Reasons | undefined {
  const { columns, values } = prepared
  const one = matrix(1, columns)
  one.values.set(values.subarray(row * columns, (row + 1) * columns))
  const own = explain(one, places[row]!)
  const score = scores[row]!
  if (!(Math.abs(own.said - score) <= slack * Math.max(1, Math.abs(score)))) return undefined
  const most = words ? mostPieces : undefined
  return { method, space: own.space, base: own.base, ...rankedContributions(own.features, own.values, most) }
}

/** With the class that is explained, where there is one. */
function named({ purpose, classes = [] }: Model, { places }: ExplainedFeed, row: number, reasons: Reasons): Reasons {
  const { method, space, ...rest } = reasons
  return purpose === 'regression' ? reasons : { method, space, class: classes[places[row]!]!, ...rest }
}
