import type { Assertion, PipelineNode } from './document.ts'
import type { JsonValue } from './node.ts'
import type { PortType } from './values.ts'

/** One step of a cure; `engine/graph` applies it. */
export type DocumentEdit =
  | { readonly do: 'set'; readonly node: string; readonly param: string; readonly value: JsonValue }
  /** Beside another node. */
  | { readonly do: 'add'; readonly id: string; readonly node: PipelineNode; readonly beside: string }
  | {
      readonly do: 'wire' | 'unwire'
      readonly from: string
      readonly to: string
      /** What a wire over the edge of a group carries, for the port it may need. */
      readonly carries?: PortType
    }
  /** What is asserted of a wire from now on; none takes the assertions away. */
  | { readonly do: 'assert'; readonly from: string; readonly to: string; readonly assertions: readonly Assertion[] }
  | { readonly do: 'retype'; readonly node: string; readonly type: string; readonly version: number }
  /** Takes a parameter away, so that its default counts. */
  | { readonly do: 'reset'; readonly node: string; readonly param: string }

/** What a click changes. */
export interface Cure {
  /** Beginning with a verb. */
  readonly label: string
  readonly edits: readonly DocumentEdit[]
  /** What it changes beside the node itself: a group that others use too. */
  readonly note?: string
}

export type LintRule =
  | 'fit-before-split'
  | 'no-split'
  | 'judged-on-known-rows'
  | 'tuned-on-test'
  | 'protected-input'
  | 'proxy-input'
  | 'target-leak'
  | 'future-leak'
  | 'identifier-input'
  | 'imbalance-metric'
  | 'no-baseline'
  | 'assertion-unknown'

/** A likely mistake in machine learning: the pipeline runs, but its figures would mislead. */
export interface LintFinding {
  readonly rule: LintRule
  readonly node: string
  /** What and where, in one sentence. */
  readonly message: string
  /** What goes wrong if it stays. */
  readonly why: string
  readonly columns?: readonly string[]
  readonly cure: Cure
}

/** What lint knows a node by. */
export type NodeTrait =
  | 'splits'
  | 'baseline'
  | 'assigns-roles'
  | 'applies-roles'
  | 'gates'
  | 'tunes'
  /** Keeps rows by conditions; chosen rows are kept as such a node. */
  | 'filters-rows'
  /** Judges slices that it is told of. */
  | 'judges-slices'
