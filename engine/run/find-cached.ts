import type { Hash } from '#contract'
import type { Store } from '#store/open-store'
import type { StepResult } from '#store/records'
import { findResult } from '#store/step-cache'

/** What a step of this key made before, if all of it is still there and whole. */
export async function findCached(store: Pick<Store, 'db' | 'files'>, key: Hash): Promise<StepResult | undefined> {
  const found = findResult(store.db, key)
  if (!found) return undefined
  for (const hash of found.content) if (!(await store.files.holds(hash))) return undefined
  return found
}

/** The same at a glance, for checks: files are there, their content unseen. */
export function glanceCached(store: Pick<Store, 'db' | 'files'>, key: Hash): StepResult | undefined {
  const found = findResult(store.db, key)
  return found?.content.every((hash) => store.files.exists(hash)) ? found : undefined
}
