import type { CaseCause, Model } from '#contract'
import type { Prediction } from './answer.ts'
import type { ModelRunner } from './model-runner.ts'
import { answerWithPeople, type People } from './queue/answer-with-people.ts'
import type { Explained } from './reasons.ts'
import type { RowFault } from './row-check.ts'
import type { Serving } from './serving.ts'

/** Who answers requests: a version of a model, or the versions of a rollout as one. */
export interface Answering {
  readonly name: string
  readonly version: number
  readonly model: Model
  readonly runner: ModelRunner
  /** Undefined where the model decides alone. */
  readonly people?: People | undefined
  /** Checks rows and answers them. Rejects with ModelAway where the model's process is away and there is no rule. */
  answer(rows: readonly unknown[], request: AnsweredRequest): Promise<RowAnswers | RefusedRows>
  /** Of a rollout: its versions, the part of people whom each answers, and the rows it was asked here. */
  arms?(): readonly ArmShare[]
  /** Of a rollout: its champion, for who asks for that version by its number. */
  readonly alone?: Answering
}
/** What a version may need to know of a request besides its rows. */
export interface AnsweredRequest {
  readonly id: string
  readonly route?: 'predict' | 'infer'
}
export interface RowAnswers {
  readonly faults?: undefined
  /** What the model, or the rule in its place, said of each row. */
  readonly predictions: readonly Prediction[]
  /** What whoever asks is told of each row. */
  readonly told: readonly ToldRow[]
  /** Whether the fallback rule answered, some rows at least. */
  readonly fallback: boolean
  /** Why rows were judged so; one entry a row. */
  explain(): Promise<readonly Explained[]>
  /** Of a rollout: the version that answered, where it was one alone, on whose part, and the rollout. */
  readonly version?: number
  readonly arm?: ServedArm
  readonly rollout?: number
}
export interface RefusedRows {
  readonly faults: readonly RowFault[]
}
/**
 * While a rollout runs also with the version that answered the row, and on whose part. Where people decide rows, each says
 * whether it is `automatic` or waits: then there is no decision yet but a case, and why.
 */
export interface ToldRow extends Omit<Prediction, 'decision'> {
  readonly decision: Prediction['decision'] | null
  /** `pending`: the suggestion takes force unless somebody vetoes it. */
  readonly state?: 'automatic' | 'queued' | 'pending'
  readonly case?: string
  readonly why?: readonly CaseCause['cause'][]
  /** What the model says of a row that waits, where people may see it before they decide. */
  readonly suggestion?: Prediction['decision']
  readonly takesForceAt?: string
  readonly version?: number
  readonly arm?: ArmShare['arm']
}
export interface ArmShare {
  readonly version: number
  readonly arm: 'champion' | 'challenger'
  readonly share: number
  readonly answers: number
}
export type ServedArm = ArmShare['arm'] | 'mixed'

/** A version by itself: it checks the rows, then predicts. */
export function answeringBy(serving: Serving): Answering {
  const { name, version, model, runner, people } = serving
  return {
    name,
    version,
    model,
    runner,
    people,
    async answer(rows, request) {
      const { feed, faults } = serving.read(rows)
      if (faults) return { faults }
      if (people) return answerWithPeople(serving, people, { rows, feed, request })
      const { predictions, fallback } = await serving.predict(feed)
      const explain = () => (fallback ? ruled(predictions) : serving.explain(feed, predictions))
      return { predictions, told: predictions, fallback, explain }
    },
  }
}

const ruled = async (predictions: readonly Prediction[]) =>
  predictions.map(() => ({ reasonsNotAvailable: 'The fallback rule answered.' }))
