import type { Assertion, DocumentCheck, JudgedAssertion, PipelineDocument, PipelineEdge, WireVerdict } from '#contract'
import { portAddress } from '#graph/adjacency'
import { sameWire } from '../state/edits/connect.ts'
import { currentRun, type RunState } from '../state/run-store.ts'

export type Verdict = 'pass' | 'fail' | 'unknown'

/** What was found for each assertion of a wire as it stands now, in its order; undefined where it is not known. */
export function judgedAssertions(
  wire: PipelineEdge,
  check: Pick<DocumentCheck, 'wires'> | null,
  runs: RunState,
): readonly (JudgedAssertion | undefined)[] {
  const checks = newestVerdict(wire, check, runs)?.checks ?? []
  return (wire.assertions ?? []).map((assertion) => checks.find((one) => sameAssertion(one, assertion)))
}

/** Undefined for a wire of which nothing is asserted. */
export function wireVerdict(
  wire: PipelineEdge,
  check: Pick<DocumentCheck, 'wires'> | null,
  runs: RunState,
): Verdict | undefined {
  if (!wire.assertions) return undefined
  const judged = judgedAssertions(wire, check, runs)
  if (judged.some((one) => one?.verdict === 'fail')) return 'fail'
  return judged.every((one) => one?.verdict === 'pass') ? 'pass' : 'unknown'
}

/** A run that is under way speaks first; after it the check, which knows of later edits; at last the run that ended. */
function newestVerdict(
  wire: PipelineEdge,
  check: Pick<DocumentCheck, 'wires'> | null,
  runs: RunState,
): WireVerdict | undefined {
  const run = currentRun(runs)
  const step = run?.steps[portAddress(wire.from).node]
  const ran = step?.wires?.find((one) => sameWire(one, wire))
  const checked = check?.wires?.find((one) => sameWire(one, wire))
  return run?.status === 'running' ? (ran ?? checked) : (checked ?? ran)
}

export function sameAssertion(a: Assertion, b: Assertion): boolean {
  return a.metric === b.metric && a.column === b.column && a.operator === b.operator && a.limit === b.limit
}

/** Wires on which an assertion is known to fail. */
export function failingWires(
  document: PipelineDocument,
  check: Pick<DocumentCheck, 'wires'> | null,
  runs: RunState,
): readonly PipelineEdge[] {
  return document.edges.filter((wire) => wireVerdict(wire, check, runs) === 'fail')
}
