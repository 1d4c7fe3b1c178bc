import type { Column, FallbackRule, Model } from '#contract'
import { applyRule } from '#ml/baseline/apply-rule'
import { bindRule } from '#ml/baseline/bind-rule'
import { parseRule } from '#ml/baseline/parse-rule'
import type { Scores } from './model-runner.ts'
import { type Feed, feedFrame } from './row-check.ts'

/** What is said of one row. */
export interface Prediction {
  readonly decision: string | number
  /** Probability of the positive class, or of the one decided for; null where a rule answered. */
  readonly score: number | null
  readonly scores?: Readonly<Record<string, number>>
}

/** Decisions from scores: two classes by the threshold, several by the highest, the first of equals; numbers as they are. */
export function decide(model: Model, { values, width }: Scores, rows: number): readonly Prediction[] {
  if (model.purpose === 'regression')
    return Array.from({ length: rows }, (_, row) => ({ decision: values[row * width]!, score: values[row * width]! }))
  const { classes = [] } = model
  const positive = model.purpose === 'binary' ? classes.indexOf(model.positive ?? classes[1]!) : -1
  return Array.from({ length: rows }, (_, row) => {
    const own = values.subarray(row * width, (row + 1) * width)
    const scores: Record<string, number> = {}
    for (let place = 0; place < classes.length; place++) scores[classes[place]!] = own[place]!
    if (positive < 0) {
      const best = own.indexOf(own.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY))
      return { decision: classes[best]!, score: own[best]!, scores }
    }
    const decided = own[positive]! >= (model.threshold ?? 0.5) ? positive : 1 - positive
    return { decision: classes[decided]!, score: own[positive]!, scores }
  })
}

/** The scores that answers stand on, and their places among the model's outputs: the positive class of two, of several the one decided for. */
export function explainedOutputs({ purpose, classes = [], positive }: Model, predictions: readonly Prediction[]) {
  const own = classes.indexOf(positive ?? classes[1] ?? '')
  return {
    scores: Float64Array.from(predictions, ({ score }) => score ?? Number.NaN),
    places: Int32Array.from(predictions, ({ decision }) =>
      purpose === 'regression' ? 0 : purpose === 'binary' ? own : classes.indexOf(String(decision)),
    ),
  }
}

/** Answers by a rule; undefined when there is none. */
export function ruleAnswerer(
  model: Model,
  fallback: FallbackRule | undefined,
): ((feed: Feed) => readonly Prediction[]) | undefined {
  const parsed = fallback && parseRule(fallback.rule)
  if (!fallback || !parsed?.rule) return undefined
  const { bound } = bindRule(parsed.rule, model.features as readonly Column[])
  const typed = (answer: string) => (model.purpose === 'regression' ? Number(answer) : answer)
  const [holds, otherwise] = [typed(fallback.holds), typed(fallback.otherwise)]
  return (feed) =>
    Array.from(applyRule(bound, feedFrame(model.features, feed)), (yes) => ({
      decision: yes ? holds : otherwise,
      score: null,
    }))
}
