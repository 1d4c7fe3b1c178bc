import type { Automation } from './automation.ts'
import type { Rollout, RolloutOrder } from './rollout.ts'
import type { Hash } from './table.ts'
import type { Metric } from './values.ts'

/** Where a version stands; one version of a model at most is in production, the one it replaced is retired. */
export const modelStages = ['development', 'acceptance', 'production', 'retired'] as const
export type ModelStage = (typeof modelStages)[number]

/** Who has to approve a model before it may enter a stage, by role as reviews name it. */
export interface RequiredReviewer {
  readonly stage: Exclude<ModelStage, 'retired'>
  readonly role: string
}

/** Answers in place of the model while its process does not: `holds` where the rule holds, else `otherwise`. */
export interface FallbackRule {
  /** A rule of `engine/ml/baseline`. */
  readonly rule: string
  readonly holds: string
  readonly otherwise: string
}

/** What a step asks the registry for; granted in the transaction that records the step. */
export type RegistryRequest =
  | {
      readonly type: 'register'
      readonly name: string
      readonly model: Hash
      readonly description: string
      readonly stage: Exclude<ModelStage, 'production' | 'retired'>
      readonly tags: readonly string[]
      readonly aliases: readonly string[]
      readonly reviewers: readonly RequiredReviewer[]
      readonly metrics: readonly Metric[]
      /** The data contract that rows to be scored have to keep. */
      readonly schema?: Hash
      /** The output port that holds the model card. */
      readonly card: string
    }
  | {
      readonly type: 'serve'
      readonly model: Hash
      readonly name?: string
      readonly fallback?: FallbackRule
      /** How it comes to answer beside the version in production; at once unless told. */
      readonly rollout?: RolloutOrder
      /** What people decide; nothing unless told. */
      readonly automation?: Automation
    }
  | {
      readonly type: 'container'
      readonly model: Hash
      readonly name?: string
      readonly fallback?: FallbackRule
      /** Relative to the project folder, inside it. */
      readonly folder: string
      /** What reasons compare with, as a document; without it the container gives none. */
      readonly reasons?: Hash
    }
  | {
      readonly type: 'batch'
      readonly model: Hash
      readonly name?: string
      /** The name "plumbline batch" knows it by; that of the model unless told. */
      readonly job?: string
      /** A path or glob of files to score, and the file for scored rows, relative to the project. */
      readonly input: string
      readonly output: string
      readonly reasons: boolean
      /** What people decide of the scored rows; a case is opened for each. */
      readonly automation?: Automation
    }

export interface ModelVersion {
  readonly version: number
  /** The model's artifact. */
  readonly model: Hash
  readonly stage: ModelStage
  readonly tags: readonly string[]
  readonly aliases: readonly string[]
  readonly metrics: readonly Metric[]
  /** The report artifact that is its model card. */
  readonly card?: Hash
  /** The data contract that rows to be scored have to keep. */
  readonly schema?: Hash
  readonly run: string
  readonly registeredAt: string
  /** When somebody took it out of production; only a person can bring it back. */
  readonly rolledBackAt?: string
  readonly fallback?: FallbackRule
  readonly automation?: Automation
  /** Decisions of reviewers about this very model, the newest of each. */
  readonly reviews: readonly { readonly reviewer: string; readonly role: string; readonly decision: string }[]
}
/** A process that serves a model now. */
export interface ModelServer {
  readonly address: string
  /** As it was asked for: "production", an alias or a number. */
  readonly selector: string
  readonly version: number
  readonly startedAt: string
}
export interface RegisteredModel {
  readonly name: string
  readonly description: string
  readonly reviewers: readonly RequiredReviewer[]
  /** Newest first. */
  readonly versions: readonly ModelVersion[]
  readonly servers: readonly ModelServer[]
  /** The rollout that is under way, else the newest. */
  readonly rollout?: Rollout
  /** The version a rollback would bring back. */
  readonly rollbackTo?: number
  /** What happened to it, newest first, from the audit chain. */
  readonly trail: readonly { readonly at: string; readonly text: string }[]
}
