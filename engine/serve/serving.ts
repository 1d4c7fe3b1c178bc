import type { Automation, FallbackRule, Model, SchemaColumn } from '#contract'
import { decide, explainedOutputs, type Prediction, ruleAnswerer } from './answer.ts'
import type { Explainer } from './explainer.ts'
import { ModelAway, type ModelRunner, type Scores, startRunner } from './model-runner.ts'
import { modelSetup } from './model-setup.ts'
import type { People } from './queue/answer-with-people.ts'
import { automationOf } from './queue/automate.ts'
import type { CaseDesk } from './queue/case-desk.ts'
import type { Explained } from './reasons.ts'
import { type CheckedRows, type Feed, rowReader } from './row-check.ts'

/** One version of a model, ready to answer. */
export interface Serving {
  readonly name: string
  readonly version: number
  readonly model: Model
  readonly runner: ModelRunner
  /** Undefined where the model decides alone. */
  readonly people: People | undefined
  read(rows: readonly unknown[]): CheckedRows
  /** Rejects with ModelAway where the model's process is away and there is no rule. */
  predict(feed: Feed): Promise<Answered>
  /** Why rows were judged so; one entry a row. */
  explain(feed: Feed, predictions: readonly Prediction[]): Promise<readonly Explained[]>
  close(): Promise<void>
}
export interface Answered {
  readonly predictions: readonly Prediction[]
  readonly fallback: boolean
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
  /** What people decide, and where their cases go; the model decides alone unless both are given. */
  readonly automation?: Automation
  readonly desk?: CaseDesk
  /** Where what explanations stand on is at hand. */
  openExplainer(score: (feed: Feed) => Promise<Scores>): Explainer
}

/** Loads a version in a process of its own. */
export async function openServing(a: ServingOrder): Promise<Serving> {
  const { name, version, model, desk } = a
  const rule = ruleAnswerer(model, a.fallback)
  const runner = await startRunner(modelSetup(a.file, model))
  const explainer = a.openExplainer((feed) => runner.score(feed))
  const automate = desk && automationOf({ name, version, model }, a.automation)
  return {
    name,
    version,
    model,
    runner,
    people: desk && automate && { automate, desk },
    read: rowReader(model.features, a.contract),
    explain: (feed, predictions) => explainer.explain({ feed, ...explainedOutputs(model, predictions) }),
    async close() {
      await explainer.close()
      await runner.close()
    },
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
