import { randomUUID } from 'node:crypto'
import type { NewCase } from '#store/queue/open-queue'
import type { ToldRow } from '../answering.ts'
import type { CaseDraft } from './automate.ts'
import type { CaseDesk } from './case-desk.ts'

/** Opens a case for each row that waits; they are on the disk before this resolves. Reasons follow later. */
export async function openCases(
  desk: CaseDesk,
  request: string,
  rows: readonly unknown[],
  drafts: readonly (CaseDraft | undefined)[],
): Promise<readonly (ToldRow | undefined)[]> {
  const entries = drafts.map((draft, place) => draft && entryOf(draft, request, place, rows[place]))
  const cases = entries.filter((entry) => entry !== undefined)
  if (cases.length > 0) await desk.add(cases)
  void giveReasons(desk, drafts, entries)
  return entries.map((entry) => entry && waitingRow(entry))
}

function entryOf({ explain: _, ...draft }: CaseDraft, request: string, place: number, row: unknown): NewCase {
  return { ...draft, id: randomUUID(), request, place, row: row as Readonly<Record<string, unknown>> }
}

function waitingRow({ id, sight, pending, why, answer, automation }: NewCase): ToldRow {
  const seen = sight === 'before' ? answer : undefined
  const forceMs = Date.now() + (automation.vetoMinutes ?? 0) * 60_000
  return {
    decision: null,
    score: seen?.score ?? null,
    state: pending ? 'pending' : 'queued',
    case: id,
    why: [...new Set(why.map(({ cause }) => cause))],
    ...(seen && { suggestion: seen.decision }),
    ...(pending && { takesForceAt: new Date(forceMs).toISOString() }),
  }
}

/** Reasons for whoever decides: nobody waits for them. Those that fail now are given when the version is loaded again. */
async function giveReasons(
  desk: CaseDesk,
  drafts: readonly (CaseDraft | undefined)[],
  entries: readonly (NewCase | undefined)[],
): Promise<void> {
  for (const [place, draft] of drafts.entries()) {
    if (!draft?.answer || draft.fallback || draft.sight === 'never') continue
    try {
      desk.addReasons([{ id: entries[place]!.id, reasons: await draft.explain() }])
    } catch (error) {
      console.error(`The reasons of a case wait: ${error instanceof Error ? error.message : String(error)}`)
      return
    }
  }
}
