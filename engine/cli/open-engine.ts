import { earlyStepProcess } from '#run/early-process'
import type { OpenEngine } from '#run/engine'
import type { ProcessSpawner } from '#run/process-spawner'

/** The engine in this process, for one project. Loading it takes the longest of all: only commands that need it call this. */
async function openEngine(project: string, spawner?: ProcessSpawner): Promise<OpenEngine> {
  const [{ createEngine }, { catalogue }] = await Promise.all([import('#run/engine'), import('#nodes')])
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  return createEngine({ project, catalogue, catalogueUrl, ...(spawner && { spawner }) })
}

/**
 * Does some work with an engine and closes it whatever happens. Where steps are sure to run, a process for them starts
 * while the engine is loaded.
 */
export async function withEngine<T>(
  project: string,
  work: (engine: OpenEngine) => Promise<T>,
  { runsSteps = false } = {},
): Promise<T> {
  const early = runsSteps ? earlyStepProcess(project) : undefined
  try {
    const engine = await openEngine(project, early)
    try {
      return await work(engine)
    } finally {
      await engine.close()
    }
  } finally {
    early?.close()
  }
}
