import type { JudgedAssertion, WireVerdict } from '#contract'
import type { Database, Row } from './database.ts'
import type { RunReference } from './records.ts'

/** Enters what was found on the wires from a step's outputs. Call it inside a transaction, after the step is recorded. */
export function recordWires(db: Database, run: RunReference, node: string, wires: readonly WireVerdict[]): void {
  const step = db.get('SELECT id FROM steps WHERE run = ? AND node = ?', run.number, node)!.id as number
  const checks = wires.flatMap(({ from, to, checks: list }) => list.map((check) => ({ from, to, check })))
  for (const [position, { from, to, check }] of checks.entries())
    db.run(
      'INSERT OR REPLACE INTO wire_checks (step, position, source, target, verdict, body) VALUES (?, ?, ?, ?, ?, ?)',
      step,
      position,
      from,
      to,
      check.verdict,
      JSON.stringify(check),
    )
}

/** Rows of the table, in order, as wires by step. */
export function wiresByStep(rows: readonly Row[]): ReadonlyMap<number, readonly WireVerdict[]> {
  const steps = new Map<number, Map<string, WireVerdict>>()
  for (const row of rows) {
    const { step, source: from, target: to } = row as { step: number; source: string; target: string }
    const wires = steps.get(step) ?? new Map<string, WireVerdict>()
    steps.set(step, wires)
    const key = `${from}→${to}`
    const checks = [...(wires.get(key)?.checks ?? []), JSON.parse(row.body as string) as JudgedAssertion]
    wires.set(key, wireVerdict(from, to, checks))
  }
  return new Map([...steps].map(([step, wires]) => [step, [...wires.values()]]))
}

/** A wire fails where one of its assertions does. */
export function wireVerdict(from: string, to: string, checks: readonly JudgedAssertion[]): WireVerdict {
  return { from, to, verdict: checks.some(({ verdict }) => verdict === 'fail') ? 'fail' : 'pass', checks }
}
