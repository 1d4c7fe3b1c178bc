import type { Column, Frame, Model } from '#contract'
import { codeRows, scoreCoded } from '#ml/explain/coded-rows'
import { permutationShap } from '#ml/explain/permutation-shap'
import { takeRows } from '#ml/frame'
import type { Matrix } from '#ml/matrix'
import { createRandom } from '#ml/random/random'
import type { Scores } from './model-runner.ts'
import { type ExplainedFeed, type Reasons, rankedContributions, trainingRows } from './reasons.ts'
import { type Feed, feedFrame, frameFeed, joinFeeds, takeFeed } from './row-check.ts'

/** Training rows that a row is compared with. */
const backgroundRows = 32
/** Made-up rows that are scored for a row, about: the more columns, the fewer orders they are walked in. */
const scoredRows = 8_192
const mostRounds = 10
const mostColumns = 100

/** Why a model can not be explained by its scores in the time that an answer has; undefined where it can. */
export function whyNoReasons({ features }: Model): string | undefined {
  if (features.some(({ type }) => type === 'image'))
    return 'The model looks at pictures, which take too long to explain here; explain/shap does.'
  if (features.length === 1)
    return `The model looks at one column, ${features[0]!.name}, so that is the reason of every answer; explain/shap looks inside.`
  if (features.length > mostColumns)
    return `The model looks at ${features.length} columns, which take too long to explain here; explain/shap does.`
  return undefined
}

/** The rows that answers are compared with: a fixed draw of the training rows. */
export function backgroundFeed({ features }: Model, training: Frame): Feed {
  const rows = trainingRows(training)
  const drawn = createRandom('reasons').permutation(rows.length).slice(0, backgroundRows)
  const chosen = Uint32Array.from(drawn, (place) => rows[place]!).sort()
  return frameFeed(features, takeRows(training, chosen))
}

/** Permutation SHAP of one row on raw columns, with a budget that is the same for every answer. */
export async function explainByScore(
  model: Model,
  background: Feed,
  { feed, places }: ExplainedFeed,
  row: number,
  score: (feed: Feed) => Promise<Scores>,
): Promise<Reasons> {
  const { features } = model
  const names = features.map(({ name }) => name)
  const frame = feedFrame(features, joinFeeds(features, [background, takeFeed(features, feed, row)]))
  const coded = codeRows(frame, names)
  const place = places[row]!
  const orders = Math.floor(scoredRows / (2 * (names.length - 1) * background.rows))
  const rounds = Math.max(1, Math.min(mostRounds, orders))
  const own = await permutationShap(
    scoreCoded((made) => scoreFrame(features, made, place, score), frame, names),
    someRows(coded, background.rows, 1),
    someRows(coded, 0, background.rows),
    names,
    { rounds },
  )
  return {
    method: `Permutation SHAP, ${rounds * 2} orders over ${background.rows} training rows`,
    space: model.purpose === 'regression' ? 'target' : 'probability',
    base: own.base,
    contributions: rankedContributions(own.features, own.values),
  }
}

async function scoreFrame(
  features: readonly Column[],
  made: Frame,
  place: number,
  score: (feed: Feed) => Promise<Scores>,
): Promise<Float64Array> {
  const { values, width } = await score(frameFeed(features, made))
  return Float64Array.from({ length: made.rows }, (_, row) => values[row * width + place]!)
}

const someRows = ({ columns, values }: Matrix, from: number, rows: number): Matrix => ({
  rows,
  columns,
  values: values.subarray(from * columns, (from + rows) * columns),
})
