import type { Hash } from '#contract'
import { canonicalJson } from '#graph/fingerprint'
import type { Database, Row } from './database.ts'
import { hashBytes } from './hashing.ts'

/** Rows of a table that belongs to steps, by step. */
function bySteps(
  db: Database,
  run: number,
  table: string,
  columns: readonly string[],
  order: readonly string[],
): ReadonlyMap<number, readonly Row[]> {
  const named = (names: readonly string[]) => names.map((name) => `part.${name}`).join(', ')
  const rows = db.all(
    `SELECT steps.id AS of, ${named(columns)} FROM ${table} AS part JOIN steps ON steps.id = part.step
     WHERE steps.run = ? ORDER BY steps.id, ${named(order)}`,
    run,
  )
  const groups = new Map<number, Row[]>()
  for (const { of, ...row } of rows) {
    const group = groups.get(of as number)
    if (group) group.push(row)
    else groups.set(of as number, [row])
  }
  return groups
}

/** One hash a step over everything the lineage says of it: what the audit chain holds against later changes. */
export function stepHashes(db: Database, run: number): Readonly<Record<string, Hash>> {
  const parts = {
    inputs: bySteps(db, run, 'step_inputs', ['port', 'position', 'artifact'], ['port', 'position']),
    outputs: bySteps(db, run, 'step_outputs', ['port', 'artifact'], ['port']),
    parameters: bySteps(db, run, 'parameters', ['path', 'value'], ['path']),
    metrics: bySteps(db, run, 'metrics', ['name', 'label', 'better', 'value', 'low', 'high', 'n'], ['position']),
    sources: bySteps(db, run, 'sources', ['path', 'hash', 'bytes'], ['path']),
  }
  // Left out where there are none: runs from before there were assertions keep their hashes.
  const wires = bySteps(db, run, 'wire_checks', ['position', 'source', 'target', 'verdict', 'body'], ['position'])
  const steps = db.all(
    `SELECT id, position, node, type, version, title, status, key, ms, peak_bytes, verdict, card, report, problems, ended_at
     FROM steps WHERE run = ? ORDER BY id`,
    run,
  )
  return Object.fromEntries(
    steps.map(({ id, ...step }) => {
      const record = Object.fromEntries(
        Object.entries(parts).map(([name, rows]) => [name, rows.get(id as number) ?? []]),
      )
      const checked = wires.get(id as number)
      return [step.node as string, hashBytes(canonicalJson({ ...step, ...record, ...(checked && { wires: checked }) }))]
    }),
  )
}
