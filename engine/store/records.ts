import type {
  ArtifactSummary,
  CardFact,
  Hash,
  JsonValue,
  Metric,
  Problem,
  RunStatus,
  StepStatus,
  Verdict,
  WireVerdict,
} from '#contract'

/** An artifact with what the lineage keeps of it. */
export interface StoredArtifact extends ArtifactSummary {
  /** Of a release. */
  readonly verdict?: Verdict
}
export interface NewArtifact extends StoredArtifact {
  /** Content named inside. */
  readonly references: readonly Hash[]
}

/** What a step made, apart from where it stands in a run: what the cache keeps. */
export interface StepResult<Artifact extends StoredArtifact = StoredArtifact> {
  readonly outputs: Readonly<Record<string, Artifact>>
  readonly card?: CardFact
  readonly verdict?: Verdict
  /** Content hash of its report blocks. */
  readonly report?: Hash
  readonly metrics: readonly Metric[]
  readonly ms: number
  readonly peakBytes?: number
}

export type EndedStatus = Exclude<StepStatus, 'queued' | 'running'>

export interface StepKey {
  readonly key: Hash
  /** The canonical text that `key` is the hash of. */
  readonly parts: string
}

/** A step that has ended, as the lineage records it. */
export interface StepRecord {
  readonly position: number
  readonly node: string
  readonly type: string
  readonly version: number
  readonly title?: string
  readonly status: EndedStatus
  readonly key?: StepKey
  readonly params: Readonly<Record<string, JsonValue>>
  readonly inputs: Readonly<Record<string, readonly Hash[]>>
  readonly sources: readonly SourceRecord[]
  readonly problems: readonly Problem[]
  readonly result?: StepResult
  readonly ms?: number
  /** What was found on the wires from its outputs. */
  readonly wires?: readonly WireVerdict[]
}
export interface SourceRecord {
  readonly path: string
  readonly hash: Hash
  readonly bytes: number
}

/** Identifies a run inside the lineage. */
export interface RunReference {
  readonly number: number
  readonly id: string
  readonly pipeline: number
  /** A trial of a sweep: its results are not what the pipeline shows as its last. */
  readonly isTrial?: true
}

export type EndedRunStatus = Exclude<RunStatus, 'running'>
