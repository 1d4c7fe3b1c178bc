import type { ArtifactSummary, PipelineDocument } from '#contract'
import { portAddress } from '#graph/adjacency'
import type { CheckState } from '../state/check-store.ts'
import { nodeFace } from '../state/node-face.ts'
import type { RunState } from '../state/run-store.ts'

export interface ShownTable {
  /** The port at the node: an output, or an input where the node gives no table. */
  readonly port: string
  readonly side: 'input' | 'output'
  readonly artifact: ArtifactSummary
}

/** Tables to show for a node: those it gave, with rows first, else those that were wired to it. */
export function shownTables(
  node: string,
  document: PipelineDocument,
  checks: CheckState,
  runs: RunState,
): readonly ShownTable[] {
  const outputsOf = (id: string) => nodeFace(id, checks.check?.nodes[id], runs).step?.outputs ?? {}
  const given = Object.entries(outputsOf(node)).flatMap(([port, artifact]): ShownTable[] =>
    artifact.kind === 'table' ? [{ port, side: 'output', artifact }] : [],
  )
  if (given.length > 0) return given.toSorted((one, other) => Number(isEmpty(one)) - Number(isEmpty(other)))
  return document.edges.flatMap((edge): ShownTable[] => {
    const [from, to] = [portAddress(edge.from), portAddress(edge.to)]
    const artifact = to.node === node ? outputsOf(from.node)[from.port] : undefined
    return artifact?.kind === 'table' ? [{ port: to.port, side: 'input', artifact }] : []
  })
}

const isEmpty = ({ artifact }: ShownTable) => artifact.rows === 0
