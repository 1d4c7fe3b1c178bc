import type { FeatureOpinion, Hash, JsonValue, Problem, RegistryRequest, ReportBlock, StoredReview } from '#contract'
import type { NewArtifact, StepResult } from '#store/records'
import type { Question, QuestionAnswer } from './custom/answer-question.ts'

/** What the engine and its worker processes say to each other. */

export interface WorkerSetup {
  /** Module that exports `catalogue`. */
  readonly catalogueUrl: string
  /** Modules of single nodes, by type: loaded with their first step. Others are looked for in the catalogue, which is loaded at once where none are named. */
  readonly nodes?: Readonly<Record<string, string>>
  readonly project: string
  /** Folder of the content files. */
  readonly artifacts: string
  readonly engineVersion: string
  /** Somebody works in a window: what their hands do comes before the steps. */
  readonly window?: boolean
}

export interface StepTask {
  readonly id: number
  readonly type: string
  /** As the document has them, of the type's own version; the worker fills in defaults. */
  readonly params: Readonly<Record<string, JsonValue>>
  readonly seed: number
  readonly inputs: Readonly<Record<string, Hash | readonly Hash[]>>
  readonly budget: { readonly threads: number; readonly bytes: number }
  /** Decisions a reviewed node may look at. */
  readonly reviews: readonly StoredReview[]
  /** What reviewers want, for a node that consults them. */
  readonly opinions: readonly FeatureOpinion[]
  /** The step's own folder: `blobs` waits to be published, `work` is scratch. The engine removes it afterwards. */
  readonly folder: string
  /** File of the step's checkpoint; outlives the process. */
  readonly checkpoint?: string
}

export interface MadeStep extends StepResult<NewArtifact> {
  /** Content in the step's `blobs` folder. */
  readonly staged: readonly Hash[]
  /** What it asked of the model registry, in order. */
  readonly asked: readonly RegistryRequest[]
}

export type ToWorker =
  | { readonly t: 'setup'; readonly setup: WorkerSetup }
  | { readonly t: 'step'; readonly task: StepTask }
  /** Steps of these types will come: their modules can be loaded while there is nothing else to do. */
  | { readonly t: 'expect'; readonly types: readonly string[] }
  | { readonly t: 'cancel'; readonly id: number }
  | { readonly t: 'finish'; readonly id: number }
  | { readonly t: 'threads'; readonly id: number; readonly threads: number }
  | { readonly t: 'ask'; readonly id: number; readonly type: string; readonly question: Question }

export type FromWorker =
  | { readonly t: 'ready' }
  | { readonly t: 'broken'; readonly problems: readonly Problem[] }
  | { readonly t: 'progress'; readonly id: number; readonly fraction: number; readonly note?: string }
  | { readonly t: 'log'; readonly id: number; readonly level: 'info' | 'warning'; readonly message: string }
  | { readonly t: 'live'; readonly id: number; readonly blocks: readonly ReportBlock[] }
  /** The step does jobs side by side and could do more of them at once. */
  | { readonly t: 'crew'; readonly id: number }
  /** The step left much memory in its process; said before its end. */
  | { readonly t: 'heavy' }
  | { readonly t: 'answer'; readonly id: number; readonly answer: QuestionAnswer }
  | { readonly t: 'done'; readonly id: number; readonly made: MadeStep }
  | { readonly t: 'failed'; readonly id: number; readonly problems: readonly Problem[] }

export const blobsFolder = 'blobs'
export const workFolder = 'work'
