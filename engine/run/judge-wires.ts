import {
  type Assertion,
  type Estimate,
  type Hash,
  type JsonValue,
  type JudgedAssertion,
  type Metric,
  type PipelineDocument,
  problemsOf,
  type Table,
  type WireVerdict,
} from '#contract'
import { portAddress } from '#graph/adjacency'
import { assertedLabel, tableFigures } from '#graph/assertions/table-figures'
import { canonicalJson } from '#graph/fingerprint'
import { nearest } from '#graph/nearest'
import { judgeLimit } from '#report/judge-limit'
import { hashBytes } from '#store/hashing'
import { inferenceMemo, keepInferenceMemo } from '#store/memos'
import type { StoredArtifact } from '#store/records'
import { getValue } from '#store/values'
import { wireVerdict } from '#store/wire-checks'
import type { Workshop } from './workshop.ts'

type Shop = Pick<Workshop, 'store' | 'wireTables'>

/**
 * Holds what a step gave against the assertions on the wires from it. The step itself is never run for this, and a
 * figure of a table that was worked out once is remembered by its content.
 */
export async function judgeWires(
  shop: Shop,
  document: Pick<PipelineDocument, 'edges'>,
  node: string,
  outputs: Readonly<Record<string, StoredArtifact>>,
): Promise<readonly WireVerdict[]> {
  const wires: WireVerdict[] = []
  for (const { from, to, assertions = [] } of document.edges) {
    const source = portAddress(from)
    if (source.node !== node || assertions.length === 0) continue
    const artifact = outputs[source.port]
    const checks: JudgedAssertion[] = []
    for (const assertion of assertions) checks.push(await judgeOne(shop, assertion, artifact))
    wires.push(wireVerdict(from, to, checks))
  }
  return wires
}

/** Whether anything is asserted of what a node gives. */
export function hasAssertions(document: Pick<PipelineDocument, 'edges'>, node: string): boolean {
  return document.edges.some(({ from, assertions }) => assertions && portAddress(from).node === node)
}

async function judgeOne(
  shop: Shop,
  assertion: Assertion,
  artifact: StoredArtifact | undefined,
): Promise<JudgedAssertion> {
  try {
    if (!artifact) return failing(assertion, 'The step gave no such output.')
    const found =
      artifact.kind === 'table'
        ? await tableFigure(shop, assertion, artifact)
        : await metricOf(shop, assertion, artifact)
    if ('reason' in found) return failing(assertion, found.reason)
    const { operator, limit } = assertion
    const whole = artifact.kind === 'table' && tableFigures[assertion.metric]?.whole === true
    const { estimate } = found
    return { ...assertion, ...estimate, ...judgeLimit({ label: found.label, operator, limit }, estimate, whole) }
  } catch (error) {
    return failing(assertion, problemsOf(error)[0]!.message)
  }
}

const failing = (assertion: Assertion, reason: string): JudgedAssertion => ({
  ...assertion,
  value: null,
  verdict: 'fail',
  reason,
})

type Found = { readonly label: string; readonly estimate: Estimate } | { readonly reason: string }

async function metricOf({ store }: Shop, { metric }: Assertion, { hash, kind }: StoredArtifact): Promise<Found> {
  const value = (await getValue(store.files, hash)) as unknown as { readonly metrics?: readonly Metric[] }
  const metrics = value.metrics ?? []
  const found = metrics.find(({ name }) => name === metric)
  if (!found) {
    const names = metrics.map(({ name }) => name)
    const close = nearest(metric, names) ?? names.slice(0, 3).join(', ')
    return { reason: `The ${kind} has no figure "${metric}"${close === '' ? '' : `; it has ${close}`}.` }
  }
  const { label, value: figure, low, high, n } = found
  const range = low === undefined || high === undefined ? {} : { low, high }
  return { label, estimate: { value: figure, ...range, ...(n === undefined ? {} : { n }) } }
}

async function tableFigure(shop: Shop, assertion: Assertion, artifact: StoredArtifact): Promise<Found> {
  const { metric, column } = assertion
  const label = assertedLabel(assertion)
  if (metric === 'rows' || metric === 'columns') return { label, estimate: { value: artifact[metric] ?? null } }
  const table = (await getValue(shop.store.files, artifact.hash)) as unknown as Table
  if (!table.columns.some(({ name }) => name === column))
    return { reason: `The table has no column "${column ?? ''}".` }
  const figures = await rememberedFigures(shop, table, column!)
  return { label, estimate: { value: (figures as Readonly<Record<string, number | null>>)[metric] ?? null } }
}

async function rememberedFigures({ store, wireTables }: Shop, table: Table, column: string): Promise<JsonValue> {
  const key = hashBytes(canonicalJson({ figures: 1, data: table.data, column })) as Hash
  const known = inferenceMemo(store.db, key)
  if (known !== undefined) return known
  const { columnFigures } = await import('#compute/column-figures')
  const figures = await wireTables.ask((session) => columnFigures(session, store.files, table, column))
  keepInferenceMemo(store.db, key, figures as unknown as JsonValue)
  return figures as unknown as JsonValue
}
