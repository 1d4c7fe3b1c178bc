import type { JsonValue } from './node.ts'
import type { Estimate, ReportBlock } from './report-block.ts'
import type { Column, ColumnRole, ColumnType, Hash, ImageSize, Table } from './table.ts'

/** The documents that travel on wires. Each is canonical JSON; bulk (Parquet, ONNX) is named in it by hash. */

/** One expectation about one column; the reviewable half of a data contract. */
export interface SchemaColumn {
  readonly name: string
  readonly type: ColumnType
  readonly role: ColumnRole
  readonly required: boolean
  readonly nullable: boolean
  /** Highest share of missing values that still passes. */
  readonly maxMissing?: number
  readonly domain?: readonly string[]
  readonly min?: number
  readonly max?: number
  readonly pattern?: string
  readonly unique?: boolean
  readonly ordered?: 'ascending' | 'descending'
  /** The direction in which the target should move with this feature, where the subject-matter expert knows. */
  readonly expected?: 'rises' | 'falls'
  readonly doc?: string
}
export interface DataSchema {
  readonly kind: 'schema'
  readonly columns: readonly SchemaColumn[]
  /** The target value that counts as the favourable outcome. */
  readonly favourable?: string
  /** Rules over several columns as SQL conditions that hold for a good row. */
  readonly rules: readonly { readonly name: string; readonly condition: string }[]
}

export type Task = 'binary' | 'multiclass' | 'regression'

/** `model.json`: everything about a model but the ONNX bytes, which it names. */
export interface Model {
  readonly kind: 'model'
  /** `preparation` turns raw columns into the matrix `x`; the others predict. */
  readonly purpose: 'preparation' | Task
  readonly onnx: Hash
  readonly onnxBytes: number
  /** Raw input columns, in the order of the ONNX inputs; never protected, target, id or split columns. */
  readonly features: readonly Column[]
  readonly target?: string
  /** Class names in the order of the probability columns; two for binary. */
  readonly classes?: readonly string[]
  /** The class whose probability `threshold` is compared with. */
  readonly positive?: string
  readonly threshold?: number
  readonly protected: readonly string[]
  /** Type, version and parameters of the node that made it. */
  readonly learner: { readonly type: string; readonly version: number; readonly params: JsonValue }
  /** The fitted preparation as data, so that a learner can fuse it (engine/ml/prepare reads it). */
  readonly preparation?: JsonValue
  /** Names of the columns of the prepared matrix, each with the raw column it comes from. */
  readonly matrix?: readonly { readonly name: string; readonly source: string }[]
  /** For linear models: weights on the prepared matrix, per class for multinomial. */
  readonly linear?: {
    readonly intercepts: readonly number[]
    readonly coefficients: readonly (readonly number[])[]
    readonly errors?: readonly (readonly number[])[]
  }
  /** For tree models: the ensemble over the prepared matrix with the rows that reached each node, as a blob of JSON (`engine/ml/trees` reads it). */
  readonly trees?: Hash
  /** For networks: what `engine/ml/neural` needs to explain, quantise, prune or train on. */
  readonly network?: {
    /** Layers and input shape, and what the loss was. */
    readonly design: JsonValue
    readonly loss: JsonValue
    /** Blobs of 32-bit floats, little-endian: the flat vectors of parameters and of running statistics. */
    readonly parameters: Hash
    readonly statistics?: Hash
    /** What turns a raw column into the network's input where no preparation does: pictures or words. */
    readonly input?: JsonValue
    /** Of numbers: prediction = center + scale × output. */
    readonly output?: { readonly center: number; readonly scale: number }
    /** How the training went: its curves, why it ended, on what device. */
    readonly course?: JsonValue
  }
  readonly training: { readonly table: Hash; readonly rows: number; readonly seed: number }
  readonly metrics: readonly Metric[]
  readonly engine: string
}

/** A named figure. Names are dotted and stable, since gates and run comparisons address them: `roc_auc`, `fairness.ratio.age_group`. */
export interface Metric extends Estimate {
  readonly name: string
  readonly label: string
  readonly better: 'high' | 'low' | 'one' | 'zero' | 'neither'
  /** A measurement of this machine: another run gives another value. */
  readonly measured?: true
}

export interface Curve {
  readonly name: 'roc' | 'precision-recall' | 'calibration' | 'loss' | 'residual'
  readonly x: readonly number[]
  readonly y: readonly number[]
  /** Rows of each bin, or that each point of a ranking adds. */
  readonly n?: readonly number[]
  /** Of points of a ranking: the lowest score that counts there, null where none does yet; of bins where each begins. */
  readonly thresholds?: readonly (number | null)[]
  /** Of single rows: where they stand in the table. */
  readonly places?: readonly number[]
}

export interface Performance {
  readonly task: Task
  readonly classes?: readonly string[]
  readonly positive?: string
  readonly threshold?: number
  /** Rows actual, columns predicted, in the order of `classes`. */
  readonly confusion?: readonly (readonly number[])[]
  readonly curves: readonly Curve[]
  readonly against: readonly { readonly title: string; readonly metrics: readonly Metric[] }[]
}

export interface Slice {
  readonly label: string
  readonly conditions: readonly { readonly column: string; readonly value: string }[]
  readonly rows: number
  readonly errors: number
  /** Share of all errors that carry the tag. */
  readonly shareOfErrors: number
  /** Share of the tag that is misclassified. */
  readonly errorRate: Estimate
  /** Share of all rows that carry the tag. */
  readonly shareOfData: number
  /** What overall accuracy would gain if the tag were as good as the rest. */
  readonly room: number
  readonly metric: Estimate
  readonly small: boolean
  /** Chance of such a slice where all fare alike, corrected for all slices tried; only for slices found beyond chance. */
  readonly chance?: number
}

/** A figure of one group beside its reference group; null where it is undefined. */
export interface GroupFigures {
  readonly group: string
  readonly reference: boolean
  readonly rows: number
  readonly small: boolean
  /** Share with the favourable outcome; Wilson interval. */
  readonly rate: Estimate
  /** Rate over the reference group's; Katz interval. */
  readonly ratio: Estimate
  /** Rate minus the reference group's; Newcombe interval. */
  readonly difference: Estimate
  readonly truePositiveRate?: Estimate
  readonly falsePositiveRate?: Estimate
  readonly precision?: Estimate
  readonly falseOmissionRate?: Estimate
  readonly calibrationError?: Estimate
  readonly accuracy?: Estimate
}
export interface FairnessAttribute {
  /** One column, or several for an intersection. */
  readonly columns: readonly string[]
  readonly groups: readonly GroupFigures[]
}
export interface Fairness {
  readonly scope: 'labels' | 'predictions'
  readonly favourable: string
  readonly ratioLimit: number
  readonly attributes: readonly FairnessAttribute[]
  readonly intersections: readonly FairnessAttribute[]
}

/** Which features are learned from, which are not, and why. */
export interface Selection {
  readonly target: string
  /** In the order they were taken; `before` counts the features that came to a step. */
  readonly steps: readonly { readonly step: string; readonly before: number; readonly discarded: number }[]
  readonly discarded: readonly {
    readonly feature: string
    readonly step: string
    /** A sentence with its number. */
    readonly reason: string
    readonly value: number | null
    readonly limit: number | null
    /** The kept feature that says the same. */
    readonly twin?: string
    /** Reviewers who ask about it. */
    readonly asked?: readonly string[]
  }[]
  readonly kept: readonly {
    readonly feature: string
    /** By the method that decided last; null where none gave a score. */
    readonly score: number | null
    /** It would have gone at this step, but was to stay: chosen by the analyst, or asked for by these reviewers. */
    readonly spared?: { readonly step: string; readonly reason: string; readonly by: readonly string[] }
  }[]
  readonly scoreLabel: string
}

/** Models side by side on this machine, the judged one first. */
export interface Benchmark {
  readonly provider: string
  readonly threads: number
  readonly batches: readonly number[]
  readonly candidates: readonly { readonly title: string; readonly metrics: readonly Metric[] }[]
  /** Candidates that a further provider was asked for and that do not run on it here. */
  readonly lacking?: readonly { readonly title: string; readonly why: string }[]
}

/** What became of the people who are most like one person, of the same protected group or of others. */
export interface AlikePeople {
  readonly rows: number
  /** Share of them with the favourable outcome; null where there is nobody. */
  readonly favourable: number | null
  /** Nearest first. */
  readonly nearest: readonly {
    readonly row: number
    readonly id?: string
    readonly group: string
    readonly favourable: boolean
    /** Of several classes: the one given. */
    readonly given?: string
    readonly score: number
    readonly distance: number
    /** Features whose values are not the same, the strongest for the explained person first. */
    readonly differs: readonly { readonly feature: string; readonly own: string; readonly theirs: string }[]
  }[]
}
export interface Reason extends Contribution {
  readonly words: string
}
/** What would have to be different for another decision. */
export interface ReasonChange {
  /** The class, or "above" and "below" of numbers. */
  readonly to: string
  readonly score: number
  readonly cells: readonly { readonly feature: string; readonly from: string; readonly to: string }[]
}
/** One person's reason codes, in the order they would be told, and how people like them fared. */
export interface PersonReasons {
  readonly row: number
  readonly id?: string
  readonly favourable: boolean
  /** Probability of the favourable outcome, or of the class given where none is favourable; of numbers the prediction. */
  readonly score: number
  /** Contributions are towards the favourable outcome, or the class given; `words` is the reason as a person can be told it. */
  readonly reasons: readonly Reason[]
  /** Of several classes: the one given. */
  readonly given?: string
  /** Of several classes: the one that is compared with, the favourable or else the next likely one, and what spoke for it. */
  readonly other?: { readonly class: string; readonly score: number; readonly reasons: readonly Reason[] }
  /** The smallest change found that leads to another decision; null where none was found, absent where none was looked for. */
  readonly change?: ReasonChange | null
  /** Of texts and pictures: the text in pieces, or the picture in regions, with what each pushes. */
  readonly parts?: Explanation['people'][number]['parts']
  readonly picture?: Explanation['people'][number]['picture']
  readonly alike: readonly {
    readonly column: string
    readonly group: string
    readonly same: AlikePeople
    readonly other: AlikePeople
  }[]
}
/** What the people of a group who miss the favourable outcome are told. */
export interface GroupReasons {
  readonly group: string
  readonly rows: number
  readonly refused: number
  readonly small: boolean
  /** Share of the refused for whom a feature is the first reason, and among the reasons; in the order of `features`. */
  readonly first: readonly Estimate[]
  readonly among: readonly Estimate[]
  /** Mean share with the favourable outcome among those most like them, of their group and of others, and the difference. */
  readonly alikeSame: number | null
  readonly alikeOther: number | null
  readonly alikeGap: Estimate
}
export interface ReasonCodes {
  /**
   * What is favourable: one of two classes unless told; `class` one of several; `given` of several the one that each is
   * given; `number` a prediction above or below the base.
   */
  readonly kind?: 'class' | 'given' | 'number'
  /** What the model looks inside; people described by columns unless told. */
  readonly of?: 'texts' | 'pictures'
  readonly favourable: string
  readonly unfavourable: string
  /** A score below it misses the favourable outcome; of several classes the likeliest is given, without a limit. */
  readonly limit?: number
  readonly method: string
  readonly space: Explanation['space']
  readonly refused: number
  readonly neighbours: number
  readonly people: readonly PersonReasons[]
  /** Features that are somebody's first reason, the most frequent first. */
  readonly features: readonly string[]
  /** Where no class is favourable: how often each feature is the first reason for a class. */
  readonly classes?: readonly { readonly name: string; readonly rows: number; readonly first: readonly Estimate[] }[]
  readonly attributes: readonly {
    readonly column: string
    readonly groups: readonly GroupReasons[]
    /** Whether first reasons depend on the group: Pearson's chi-square test over the groups that are not small, by Holm's correction over the columns, and Cramér's V; null where it can't be told. */
    readonly test: { readonly pValue: number; readonly cramersV: number } | null
  }[]
}

export interface Evaluation {
  readonly kind: 'evaluation'
  readonly subject: 'performance' | 'slices' | 'fairness' | 'benchmark' | 'selection' | 'reasons'
  readonly model?: Hash
  readonly table: Hash
  readonly split: string
  readonly rows: number
  readonly metrics: readonly Metric[]
  readonly performance?: Performance
  readonly slices?: { readonly metric: string; readonly overall: Estimate; readonly slices: readonly Slice[] }
  readonly fairness?: Fairness
  readonly benchmark?: Benchmark
  readonly selection?: Selection
  readonly reasons?: ReasonCodes
  /** Of performance: every judged row by its place `row`, with `actual`, `predicted`, `score` or `residual`. */
  readonly judged?: Table
}

export interface Contribution {
  readonly feature: string
  readonly value: string
  readonly contribution: number
  /** Standard error, where coalitions were drawn. */
  readonly error?: number
}
export interface Explanation {
  readonly kind: 'explanation'
  readonly model: Hash
  readonly table: Hash
  readonly method: string
  /** Why this method, what rows are compared with and what was drawn: sentences. */
  readonly how?: string
  /**
   * The scale contributions add up on: log-odds of `positive`, a probability, a class's margin before softmax, the
   * target's own unit or its natural logarithm.
   */
  readonly space: 'log-odds' | 'probability' | 'margin' | 'target' | 'log-target'
  /** Of several classes that of the first of `classes`. */
  readonly base: number
  readonly rows: number
  /** Largest difference between what base and contributions add up to and what the model's file says. */
  readonly gap?: number
  /** Mean absolute contribution, most important first; over several classes their mean. */
  readonly features: readonly {
    readonly feature: string
    readonly importance: number
    readonly direction: 'higher-helps' | 'higher-hurts' | 'mixed'
    /** Standard error of the importance, where coalitions were drawn: not of the choice of rows. */
    readonly error?: number
  }[]
  /** Of more than two classes, those explained; importances in the order of `features`. */
  readonly classes?: readonly {
    readonly name: string
    readonly base: number
    readonly importances: readonly number[]
  }[]
  readonly people: readonly {
    readonly row: number
    readonly id?: string
    /** Score in [0, 1] for classes, the prediction for numbers. */
    readonly score: number
    readonly outcome: string
    readonly note?: string
    /** Of several classes: the one whose score this is, and where its contributions start. */
    readonly class?: string
    readonly base?: number
    readonly contributions: readonly Contribution[]
    /** A text in pieces with what each pushes, 0 between words. */
    readonly parts?: readonly { readonly text: string; readonly contribution: number }[]
    /** A picture's cell, and what the cells of a grid over it push, row by row. */
    readonly picture?: PictureShares & { readonly size: ImageSize; readonly cell: string }
  }[]
  /** Of pictures: mean absolute contributions of the cells. */
  readonly cells?: PictureShares
  /** Of columns: some rows one by one for the features that count most, to draw; of several classes for the first. */
  readonly points?: readonly FeaturePoints[]
  /** Where the rows of `points` stand in the table. */
  readonly pointRows?: readonly number[]
  /** Every explained row by its place `row`, with values and pushes of the features among the points. */
  readonly pushes?: Table
  /** Of trees: mean absolute interaction values, row-major in the order of `features`; the diagonal is what each does alone. */
  readonly interactions?: {
    readonly features: readonly string[]
    readonly rows: number
    readonly values: readonly number[]
  }
}
/** A feature's values and contributions, row by row. */
export interface FeaturePoints {
  readonly feature: string
  /** Null is missing; words for texts, dates and booleans. */
  readonly values: readonly (number | string | null)[]
  readonly contributions: readonly number[]
  /** The feature among the points whose values go with what this one's value does not explain. */
  readonly strongest?: string
}
/** Numbers of a grid over a picture, row-major. */
export interface PictureShares {
  readonly rows: number
  readonly columns: number
  readonly values: readonly number[]
}

/** A finished page: the fairness report and its kin. Holds no run id and no date, so it caches. */
export interface Report {
  readonly kind: 'report'
  readonly title: string
  readonly subtitle: string
  readonly blocks: readonly ReportBlock[]
  readonly evaluation?: Hash
  readonly model?: Hash
}

export type Verdict = 'pass' | 'fail' | 'wait'
export interface Release {
  readonly kind: 'release'
  readonly verdict: Verdict
  /** A sentence with its reason: "Not ready: one of five gates fails." */
  readonly sentence: string
  readonly model?: Hash
  readonly checks: readonly {
    readonly label: string
    readonly metric: string
    readonly operator: '>=' | '<='
    readonly limit: number
    readonly estimate: Estimate
    readonly verdict: Verdict
    readonly reason: string
  }[]
}
export interface Monitor {
  readonly kind: 'monitor'
  readonly table: Hash
  readonly metrics: readonly Metric[]
}

/** What travels on a wire, by port type. */
export interface PortValues {
  table: Table
  schema: DataSchema
  model: Model
  evaluation: Evaluation
  explanation: Explanation
  report: Report
  release: Release
  monitor: Monitor
}
export type PortType = keyof PortValues
export type PortValue = PortValues[PortType]
export const portTypes = [
  'table',
  'schema',
  'model',
  'evaluation',
  'explanation',
  'report',
  'release',
  'monitor',
] as const satisfies readonly PortType[]
