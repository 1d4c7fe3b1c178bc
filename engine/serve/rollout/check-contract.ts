import { setTimeout as pause } from 'node:timers/promises'
import type { Serving } from '../serving.ts'

/** A process that is being started again is waited for so long. */
const patienceMs = 15_000
const lookEveryMs = 50

/**
 * Whether blue and green keep the same contract, on rows that blue takes: green takes them too, answers each with a decision
 * that blue could give and a finite score, and the same the second time. Gives "kept", or a complaint.
 */
export async function checkContract([blue, green]: readonly Serving[], rows: readonly unknown[]): Promise<string> {
  await Promise.all([waitFor(blue!), waitFor(green!)])
  const taken = rows.filter((row) => !blue!.read([row]).faults)
  if (taken.length === 0) return `Version ${blue!.version} takes none of the rows it was trained on.`
  for (const serving of [blue!, green!]) {
    const complaint = await complaintOf(serving, taken)
    if (complaint) return complaint
  }
  return 'kept'
}

async function waitFor({ runner }: Serving): Promise<void> {
  for (let waited = 0; !runner.ready && waited < patienceMs; waited += lookEveryMs) await pause(lookEveryMs)
}

async function complaintOf(
  { version, model, read, predict }: Serving,
  rows: readonly unknown[],
): Promise<string | undefined> {
  const { feed, faults } = read(rows)
  if (faults) {
    const { column, got, expected } = faults[0]!
    return `Version ${version} refuses rows that the version in production takes: ${column} is ${got}, expected is ${expected}.`
  }
  const first = await predict(feed)
  const strange = first.predictions.find(
    ({ decision, score }) =>
      !Number.isFinite(score ?? Number.NaN) || (model.classes && !model.classes.includes(String(decision))),
  )
  if (first.fallback || strange) return `Version ${version} does not answer the rows it was asked to check.`
  const second = await predict(feed)
  const same = first.predictions.every(({ score }, row) => score === second.predictions[row]!.score)
  return same ? undefined : `Version ${version} answers the same rows differently the second time.`
}
