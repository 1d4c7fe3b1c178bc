import type { FallbackRule, Model, SchemaColumn } from '#contract'
import { decide, type Prediction, ruleAnswerer } from './answer.ts'
import { ModelAway, type ModelRunner, startRunner } from './model-runner.ts'
import { type CheckedRows, type Feed, rowReader } from './row-check.ts'

/** One version of a model, ready to answer. */
export interface Serving {
  readonly name: string
  readonly version: number
  readonly model: Model
  readonly runner: ModelRunner
  read(rows: readonly unknown[]): CheckedRows
  /** Rejects with ModelAway where the model's process is away and there is no rule. */
  predict(feed: Feed): Promise<Answered>
  /** Why a row was judged so, where that can be said of this model. */
  explain?(feed: Feed): Promise<readonly Reasons[]>
}
export interface Answered {
  readonly predictions: readonly Prediction[]
  readonly fallback: boolean
}
export interface Reasons {
  readonly method: string
  readonly space: 'log-odds' | 'target'
  readonly base: number
  /** Strongest first; base and all contributions add up to the score on the scale of `space`. */
  readonly contributions: readonly { readonly feature: string; readonly contribution: number }[]
}

export interface ServingOrder {
  readonly name: string
  readonly version: number
  readonly model: Model
  /** Path of the ONNX file. */
  readonly file: string
  readonly fallback?: FallbackRule
  /** The data contract that rows have to keep, beyond the model's own columns. */
  readonly contract?: readonly SchemaColumn[]
  explain?(feed: Feed): Promise<readonly Reasons[]>
}

/** Loads a version in a process of its own. */
export async function openServing(a: ServingOrder): Promise<Serving> {
  const { name, version, model } = a
  const rule = ruleAnswerer(model, a.fallback)
  const runner = await startRunner({ file: a.file, features: model.features })
  return {
    name,
    version,
    model,
    runner,
    read: rowReader(model.features, a.contract),
    ...(a.explain ? { explain: a.explain } : {}),
    async predict(feed) {
      try {
        return { predictions: decide(model, await runner.score(feed), feed.rows), fallback: false }
      } catch (error) {
        if (!rule || !(error instanceof ModelAway)) throw error
        return { predictions: rule(feed), fallback: true }
      }
    },
  }
}
