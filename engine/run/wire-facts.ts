import type { Matching, TablePair } from '#compute/match-rows'
import type { Column, ColumnChange, GroupLoss, Hash, JsonValue, StepPort, Table, WireFacts } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import { wilson } from '#ml/statistics/wilson'
import { hashBytes } from '#store/hashing'
import { inferenceMemo, keepInferenceMemo } from '#store/memos'
import { findTableStep, type TableStep } from './lineage-steps.ts'
import type { Workshop } from './workshop.ts'

export type WireShop = Pick<Workshop, 'store' | 'wireTables'>

/** What a table on a wire is beside the table its step was given, and who was lost between the two. */
export async function wireFacts(
  shop: WireShop,
  { groups = [], ...at }: { table?: Hash; groups?: readonly string[] } & Partial<StepPort>,
): Promise<WireFacts> {
  const step = await findTableStep(shop.store, at)
  const { table, hash } = step
  const before = await beforeOf(shop, step, groups)
  return { table: hash, rows: table.rows, columns: table.columns, ...(before && { before }) }
}

async function beforeOf(shop: WireShop, step: TableStep, asked: readonly string[]): Promise<WireFacts['before']> {
  const input = (await matchedInput(shop, step)) ?? step.inputs[0]
  if (!input) return undefined
  const pair = { before: input.table, after: step.table }
  const { node, port } = input.at
  const matching = 'matching' in input ? (input.matching as Matching) : undefined
  return {
    node,
    title: input.title,
    port,
    table: input.hash,
    rows: input.table.rows,
    columns: input.table.columns,
    changes: columnChanges(input.table.columns, step.table.columns),
    ...(await lossOf(shop, pair, matching, asked)),
  }
}

async function lossOf(
  { store, wireTables }: WireShop,
  pair: TablePair,
  matching: Matching | undefined,
  asked: readonly string[],
): Promise<Pick<NonNullable<WireFacts['before']>, 'match' | 'groups'>> {
  if (!matching) return { groups: [] }
  const guarded = protectedColumns(pair)
  const groups = [...new Set([...guarded, ...asked])].filter((name) =>
    pair.before.columns.some((column) => column.name === name),
  )
  const loss = await remembered(store, { loss: 1, ...knownPair(pair), matching, groups }, async () => {
    const { rowLoss } = await import('#compute/row-loss')
    return wireTables.ask((session) => rowLoss(session, store.files, pair, { matching, groups }))
  })
  const { lost, added } = loss
  // Nothing was found again: what looks alike is chance, and the rows are the step's own.
  if (lost > 0 && lost === pair.before.rows && pair.after.rows > 0) return { groups: [] }
  const all = lost / Math.max(1, pair.before.rows)
  return {
    match: { ...matching, lost, added, share: wilson(lost, pair.before.rows) },
    groups: loss.groups.map((one) => ({
      column: one.column,
      protected: guarded.has(one.column),
      groups: one.groups.map((group) => groupLoss(group, all)),
    })),
  }
}

function groupLoss(group: { group: string; before: number; lost: number }, all: number): GroupLoss {
  const share = wilson(group.lost, group.before)
  const against = (share.low ?? 0) > all ? 'more' : (share.high ?? 1) < all ? 'less' : 'alike'
  return { ...group, share, against }
}

/** Roles are often given behind the step that loses rows, so either table may name them. */
function protectedColumns({ before, after }: TablePair): ReadonlySet<string> {
  const named = [...before.columns, ...after.columns].filter(({ role }) => role === 'protected')
  return new Set(named.map(({ name }) => name))
}

function columnChanges(before: readonly Column[], after: readonly Column[]): readonly ColumnChange[] {
  const [was, is] = [before, after].map((columns) => new Map(columns.map((column) => [column.name, column]))) as [
    Map<string, Column>,
    Map<string, Column>,
  ]
  const removed = before.filter(({ name }) => !is.has(name))
  return [
    ...removed.map(({ name, type }): ColumnChange => ({ name, change: 'removed', from: type })),
    ...after.flatMap(({ name, type, role = 'feature' }): ColumnChange[] => {
      const old = was.get(name)
      if (!old) return [{ name, change: 'added', to: type }]
      const { role: oldRole = 'feature' } = old
      return [
        ...(old.type === type ? [] : [{ name, change: 'retyped' as const, from: old.type, to: type }]),
        ...(oldRole === role ? [] : [{ name, change: 'role' as const, from: oldRole, to: role }]),
      ]
    }),
  ]
}

/** The first input in which the step's rows can be found again. */
async function matchedInput(shop: WireShop, step: TableStep) {
  for (const input of step.inputs) {
    const matching = await matchingOf(shop, { before: input.table, after: step.table })
    if (matching) return { ...input, matching }
  }
  return undefined
}

/** How rows of one table are found in another. */
export async function matchingOf({ store, wireTables }: WireShop, pair: TablePair): Promise<Matching | undefined> {
  const { matching } = await remembered(store, { matching: 2, ...knownPair(pair) }, async () => {
    const { matchRows } = await import('#compute/match-rows')
    return { matching: (await wireTables.ask((session) => matchRows(session, store.files, pair))) ?? null }
  })
  return matching ?? undefined
}

/** All that an answer about two tables depends on. */
function knownPair({ before, after }: TablePair) {
  const known = ({ data, columns }: Table) => ({
    data,
    columns: columns.map(({ name, type, role = '' }) => [name, type, role]),
  })
  return { before: known(before), after: known(after) }
}

/** Works an answer out once for each question. */
async function remembered<T>(store: WireShop['store'], question: object, work: () => Promise<T>): Promise<T> {
  const key = hashBytes(canonicalJson(question))
  const known = inferenceMemo(store.db, key)
  if (known !== undefined) return known as T
  const answer = await work()
  keepInferenceMemo(store.db, key, answer as JsonValue)
  return answer
}
