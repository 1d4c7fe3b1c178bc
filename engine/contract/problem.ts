import type { Cure } from './lint.ts'

/** What went wrong, where, and what cures it. The only way anything in Plumbline refuses. */
export interface Problem {
  readonly code: ProblemCode
  /** What and where, in a sentence a non-programmer understands: "14 values of debt_ratio are not numbers". */
  readonly message: string
  /** The node it concerns. */
  readonly node?: string
  /** The port or parameter path it concerns: ["params", "target"], ["inputs", "table"], ["nodes", "split"]. */
  readonly path?: readonly (string | number)[]
  /** The cure, beginning with a verb: "Read a decimal comma in this file". */
  readonly fix?: string
  /** Changes of the document that are likely to cure it, the likeliest first. */
  readonly cures?: readonly Cure[]
  /** `warning` lets a run begin; everything else stops it. */
  readonly level?: 'warning'
  /** Where in the code it arose, for whoever looks after Plumbline; only of what nobody foresaw. */
  readonly trace?: string
  /** Row numbers, from 0, or columns concerned, at most twenty. */
  readonly rows?: readonly number[]
  readonly columns?: readonly string[]
}

/** Every code with what it means; the docs page of problems is made from this table. */
export const problemCodes = {
  'file-unreadable': 'A file is missing or can not be read.',
  'file-format': 'A file is not what its name or the parameters say it is.',
  'document-format': 'A pipeline file does not follow the published schema.',
  'document-newer': 'A pipeline file was written by a newer Plumbline.',
  'node-unknown': 'The catalogue has no node of this type.',
  'node-newer': 'The node was saved by a newer version of its type.',
  'port-missing': 'A required input has no wire.',
  'port-unknown': 'A wire ends at a port that the node does not have.',
  'port-type': 'A wire joins two ports of different types.',
  'port-taken': 'An input that takes one wire has several.',
  'graph-cycle': 'The wires form a circle.',
  'parameter-bad': 'A parameter has a value its schema does not allow.',
  'column-unknown': 'A parameter names a column that the table does not have.',
  'column-type': 'A column has a type this node can not use.',
  'role-missing': 'No column has the role this node needs.',
  'rows-missing': 'There are too few rows for this step.',
  'data-bad': 'Values in the data can not be used as they are.',
  'target-constant': 'The target has a single value, so there is nothing to learn.',
  'not-supported': 'This combination is not possible.',
  'code-bad': 'The code of a custom node has types that do not fit, or can not be loaded.',
  'worker-died': 'The process of a step ended without an answer.',
  'out-of-memory': 'A step needed more memory than its budget.',
  'artifact-damaged': 'A stored artifact no longer has the content its name promises.',
  'assertion-failed': 'What flows on a wire does not keep an assertion about it.',
  'review-mismatch': 'A review belongs to another evaluation or model.',
  'not-found': 'There is no run, artifact or file of that name.',
  cancelled: 'The work was cancelled.',
  internal: 'Plumbline itself failed; the message carries what is known.',
} as const

export type ProblemCode = keyof typeof problemCodes

/** Carries problems through code that throws; `cause` keeps the original error. */
export class ProblemError extends Error {
  readonly code: ProblemCode
  readonly problems: readonly Problem[]
  constructor(problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const list: readonly Problem[] = Array.isArray(problems) ? problems : [problems as Problem]
    super(list.map((problem) => problem.message).join('\n'), options)
    this.name = 'ProblemError'
    this.code = list[0]?.code ?? 'internal'
    this.problems = list
  }
}

/** The problems of anything thrown: a ProblemError's own, else one `internal` with message and trace (bounded). */
export function problemsOf(thrown: unknown): readonly Problem[] {
  if (thrown instanceof ProblemError) return thrown.problems
  const message = (thrown instanceof Error ? thrown.message : String(thrown)).slice(0, 2_000)
  const trace = thrown instanceof Error ? thrown.stack?.slice(0, 4_000) : undefined
  return [{ code: 'internal', message, ...(trace !== undefined && { trace }) }]
}
