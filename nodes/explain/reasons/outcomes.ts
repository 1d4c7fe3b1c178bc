import { type Model, ProblemError, type ReasonCodes } from '#contract'
import { unknownFavourable } from '../../fairness/audit/audited-rows.ts'
import { predictedPlaces } from '../shap/explained-person.ts'
import { type ExplainedOutputs, rowsOf } from '../shap/explained-rows.ts'

/** Which outcome is good for people. */
export interface Outcome {
  readonly kind: 'two' | NonNullable<ReasonCodes['kind']>
  readonly favourable: string
  readonly unfavourable: string
}

/** What was decided about each of the explained rows, and what pushed it. */
export interface Decisions {
  readonly outcome: Outcome
  /** Contributions towards the favourable outcome, or the class given: row-major [rows, features]. */
  readonly values: Float64Array
  /** Of texts, by row: what each word in its place pushes towards it. */
  readonly pieces?: readonly Float64Array[]
  readonly scores: Float64Array
  readonly favourable: Uint8Array
  /** How far each is beyond the decision's limit. */
  readonly lead: Float64Array
  readonly limit?: number
  /** Of several classes: the numbers of the one given and of the one it is compared with. */
  readonly given?: Int32Array
  readonly other?: Int32Array
}

export const sides = ['above', 'below'] as const

/** The outcome that is named, else the class that the model calls positive, each row's own of several, above of numbers. */
export function outcomeOf({ purpose, classes = [], positive }: Model, named: string): Outcome {
  const known = purpose === 'regression' ? sides : classes
  if (named !== '' && !known.includes(named)) throw new ProblemError(unknownFavourable(named, known))
  if (purpose === 'multiclass')
    return named === ''
      ? { kind: 'given', favourable: '', unfavourable: '' }
      : { kind: 'class', favourable: named, unfavourable: `not ${named}` }
  const favourable = named || (purpose === 'regression' ? sides[0] : (positive ?? classes[1] ?? ''))
  const unfavourable = known.find((name) => name !== favourable) ?? ''
  return { kind: purpose === 'regression' ? 'number' : 'two', favourable, unfavourable }
}

/** Outputs that have to be explained: of several classes all. */
export const explainedPlaces = ({ purpose, classes = [] }: Model, positive: number): readonly number[] =>
  purpose === 'multiclass' ? [...classes.keys()] : [positive]

export function decisionsOf(all: ExplainedOutputs, model: Model, outcome: Outcome): Decisions {
  if (outcome.kind === 'two') return ofTwo(all, model, outcome)
  return outcome.kind === 'number' ? ofNumbers(all, outcome) : ofSeveral(all, model, outcome)
}

function ofTwo(all: ExplainedOutputs, { positive, classes = [], threshold = 0.5 }: Model, outcome: Outcome): Decisions {
  const { scores, values, pieces } = rowsOf(all, 0)
  const turned = outcome.favourable !== (positive ?? classes[1] ?? '')
  const sign = turned ? -1 : 1
  return {
    outcome,
    values: turned ? values.map((value) => -value) : values,
    ...(pieces && { pieces: pieces.map((own) => own.map((push) => sign * push)) }),
    scores: turned ? scores.map((score) => 1 - score) : scores,
    favourable: Uint8Array.from(scores, (score) => Number(score >= threshold !== turned)),
    lead: scores.map((score) => sign * (score - threshold)),
    limit: turned ? 1 - threshold : threshold,
  }
}

/** Numbers against the base: what is predicted of nobody in particular, on the scale of predictions. */
function ofNumbers(all: ExplainedOutputs, outcome: Outcome): Decisions {
  const { scores, values, pieces, base, space } = rowsOf(all, 0)
  const limit = space === 'log-target' ? Math.exp(base) : base
  const sign = outcome.favourable === sides[0] ? 1 : -1
  return {
    outcome,
    values: values.map((value) => sign * value),
    ...(pieces && { pieces: pieces.map((own) => own.map((push) => sign * push)) }),
    scores,
    favourable: Uint8Array.from(scores, (score) => Number(score >= limit === sign > 0)),
    lead: scores.map((score) => sign * (score - limit)),
    limit,
  }
}

/**
 * Of several classes two are compared in each row: the one spoken for, which is the favourable one or else the one given,
 * and the likeliest of the others. What pushes the difference of their scores is the difference of what pushes them,
 * since Shapley values are additive; of margins that difference is the logarithm of the odds of one against the other.
 */
function ofSeveral(all: ExplainedOutputs, { classes = [] }: Model, outcome: Outcome): Decisions {
  const wanted = classes.indexOf(outcome.favourable)
  const given = predictedPlaces(all)
  const { values: raw, width } = all.raw
  const next = (row: number, without: number) => {
    let best = -1
    for (let place = 0; place < width; place++)
      if (place !== without && (best < 0 || raw[row * width + place]! > raw[row * width + best]!)) best = place
    return best
  }
  const own = given.map((place) => (wanted < 0 ? place : wanted))
  const against = own.map((place, row) => next(row, place))
  const features = all.outputs[0]!.features.length
  const values = Float64Array.from({ length: given.length * features }, (_, at) => {
    const row = Math.floor(at / features)
    return all.outputs[own[row]!]!.values[at]! - all.outputs[against[row]!]!.values[at]!
  })
  const pieces = all.outputs[0]!.pieces?.map((_, row) => {
    const [one, other] = [own, against].map((places) => all.outputs[places[row]!]!.pieces![row]!)
    return one!.map((push, at) => push - other![at]!)
  })
  const score = (row: number, place: number) => raw[row * width + place]!
  return {
    outcome,
    values,
    ...(pieces && { pieces }),
    scores: Float64Array.from(own, (place, row) => score(row, place)),
    favourable: Uint8Array.from(own, (place, row) => Number(place === given[row])),
    lead: Float64Array.from(own, (place, row) => score(row, place) - score(row, against[row]!)),
    given,
    other: Int32Array.from(own, (place, row) => (place === given[row] ? against[row]! : place)),
  }
}
