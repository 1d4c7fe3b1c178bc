import type { ChosenVersion } from '#store/read-registry'
import type { Serving } from './serving.ts'

/** Versions that are loaded, each once. */
export interface LoadedVersions {
  get(chosen: ChosenVersion): Promise<Serving>
  /** Ends the processes of all others. */
  keep(chosen: readonly ChosenVersion[]): Promise<void>
}

export function loadedVersions(load: (chosen: ChosenVersion) => Promise<Serving>): LoadedVersions {
  const loaded = new Map<string, Promise<Serving>>()
  return {
    get(chosen) {
      const key = JSON.stringify(chosen)
      const known = loaded.get(key)
      if (known) return known
      const serving = load(chosen)
      loaded.set(key, serving)
      serving.catch(() => loaded.delete(key))
      return serving
    },
    async keep(chosen) {
      const kept = new Set(chosen.map((one) => JSON.stringify(one)))
      const gone = [...loaded].filter(([key]) => !kept.has(key))
      for (const [key] of gone) loaded.delete(key)
      await Promise.all(gone.map(async ([, serving]) => (await serving).close()))
    },
  }
}
