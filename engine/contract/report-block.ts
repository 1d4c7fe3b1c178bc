import type { JsonValue } from './node.ts'
import type { ChartRows } from './row-predicate.ts'
/** What a node may show: data, never widgets. `engine/report` draws each block as HTML and SVG; the app adds interaction. */

export type Tone = 'ok' | 'bad' | 'stale' | 'run' | 'mute'

/** A figure with its interval and the number of rows behind it. */
export interface Estimate {
  readonly value: number | null
  readonly low?: number
  readonly high?: number
  readonly n?: number
}

export interface TableCell {
  readonly text: string
  readonly tone?: Tone
}
export type BlockCell = string | number | null | TableCell | Estimate

export type Series = {
  readonly name: string
  readonly x: readonly (number | string)[]
  readonly y: readonly (number | null)[]
  readonly low?: readonly number[]
  readonly high?: readonly number[]
  /** Of points: from 0, low, to 1, high, of a further number; null where it is not known. */
  readonly shade?: readonly (number | null)[]
  readonly tone?: Tone | 'older' | 'newer'
}

/** A node with its parameters, named and told of in words. */
export interface NodeOffer {
  readonly title: string
  readonly text: string
  readonly node: { readonly type: string; readonly params: Readonly<Record<string, JsonValue>> }
}

export type Chart =
  | {
      readonly type: 'line' | 'scatter' | 'bar'
      readonly series: readonly Series[]
      readonly x: string
      readonly y: string
      readonly diagonal?: boolean
      readonly limit?: number
    }
  | {
      readonly type: 'histogram'
      readonly edges: readonly number[]
      readonly series: readonly { readonly name: string; readonly counts: readonly number[] }[]
      readonly x: string
    }
  | {
      /** Horizontal bars with whiskers, a reference and a dashed limit for each: rates by group, contributions. */
      readonly type: 'bars'
      readonly rows: readonly {
        readonly label: string
        readonly estimate: Estimate
        readonly limit?: number
        readonly note?: string
        readonly tone?: Tone
      }[]
      readonly format: 'percent' | 'number' | 'signed'
      readonly x?: string
    }
  | {
      readonly type: 'parallel'
      /** Upright, from left to right: numbers from low to high, or words from the bottom up. */
      readonly axes: readonly (
        | { readonly title: string; readonly low: number; readonly high: number; readonly log?: boolean }
        | { readonly title: string; readonly words: readonly string[] }
      )[]
      /** A value an axis; null where there is none. Strength from 0 to 1: stronger lines stand out and lie on top. */
      readonly lines: readonly {
        readonly label: string
        readonly values: readonly (number | string | null)[]
        readonly strength: number
      }[]
    }
  | {
      readonly type: 'matrix'
      readonly rows: readonly string[]
      readonly columns: readonly string[]
      readonly values: readonly (readonly number[])[]
      readonly x: string
      readonly y: string
    }
  | LayersChart
  | PictureChart
  | SwarmChart
  | WaterfallChart

/** A network as a chain from its input down to its output, with the ways around some of it. */
export interface LayersChart {
  readonly type: 'layers'
  readonly layers: readonly {
    readonly label: string
    /** What it gives: "16 × 8 × 8". */
    readonly shape: string
    /** Of all learned values, from 0 to 1. */
    readonly share: number
  }[]
  /** Each leads from before the layer at `from` to behind the one at `to`. */
  readonly around: readonly { readonly from: number; readonly to: number }[]
}

/** Points of rows on one line a feature, placed by what they push and coloured by how high the value is. */
export interface SwarmChart {
  readonly type: 'swarm'
  readonly rows: readonly {
    readonly label: string
    readonly x: readonly number[]
    /** From 0, the lowest value of the feature, to 1; null where there is no order. */
    readonly shade: readonly (number | null)[]
  }[]
  readonly x: string
}

/** Pushes one after the other, from where everybody starts to where one ends. */
export interface WaterfallChart {
  readonly type: 'waterfall'
  readonly start: { readonly label: string; readonly value: number }
  readonly steps: readonly { readonly label: string; readonly change: number }[]
  readonly end: string
  readonly x: string
}

/** A grid of signed numbers over a picture: what each cell pushes. */
export interface PictureChart {
  readonly type: 'picture'
  /** Bytes of pixels row by row, the channels of a pixel side by side; none shows the grid alone. */
  readonly picture?: {
    readonly width: number
    readonly height: number
    readonly channels: number
    readonly bytes: readonly number[]
  }
  readonly values: readonly (readonly number[])[]
  /** What the numbers are. */
  readonly x: string
}

export type ReportBlock =
  | { readonly block: 'heading'; readonly text: string; readonly note?: string }
  | { readonly block: 'text'; readonly text: string; readonly tone?: Tone }
  | {
      readonly block: 'metric'
      readonly label: string
      readonly estimate: Estimate
      readonly format?: 'percent' | 'number' | 'integer'
      readonly against?: { readonly label: string; readonly value: number }
    }
  | {
      readonly block: 'table'
      readonly title?: string
      readonly columns: readonly string[]
      readonly rows: readonly (readonly BlockCell[])[]
      readonly note?: string
    }
  | {
      readonly block: 'chart'
      readonly title: string
      readonly note?: string
      readonly chart: Chart
      /** What of a table it shows, where its rows can be chosen. */
      readonly rows?: ChartRows
    }
  | {
      readonly block: 'gates'
      readonly gates: readonly {
        readonly label: string
        readonly verdict: 'pass' | 'fail' | 'wait'
        readonly value?: string
      }[]
    }
  | {
      readonly block: 'verdict'
      readonly verdict: 'pass' | 'fail' | 'wait'
      readonly title: string
      readonly text: string
      readonly figure?: { readonly value: string; readonly label: string }
    }
  | { readonly block: 'columns'; readonly left: readonly ReportBlock[]; readonly right: readonly ReportBlock[] }
  | {
      readonly block: 'person'
      readonly title: string
      readonly text: string
      readonly reasons: readonly { readonly feature: string; readonly value: string; readonly contribution: number }[]
      readonly note?: string
    }
  | {
      /** A text whose words are marked by what they push, up or down; what pushes nothing is plain. */
      readonly block: 'words'
      readonly title: string
      readonly text: string
      readonly parts: readonly { readonly text: string; readonly contribution: number }[]
      readonly note?: string
    }
  | ({
      /** A node that the app offers to put on the canvas, wired as the one that tells of it. */
      readonly block: 'node'
      /** What may be chosen in its place. */
      readonly others?: readonly NodeOffer[]
    } & NodeOffer)
  | {
      /** The SME's form of the offline report; the script of the page fills in run, reviewer and time. */
      readonly block: 'review'
      readonly evaluationHash: string
      readonly modelHash: string
      readonly features: readonly { readonly step: string; readonly feature: string; readonly reason: string }[]
    }
