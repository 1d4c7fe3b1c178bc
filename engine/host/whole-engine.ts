import { type Engine, engineMethods, ProblemError } from '#contract'
import { catalogue } from '#nodes'
import { createEngine } from '#run/engine'
import type { ProcessSpawner } from '#run/process-spawner'
import type { EarlyAnswers } from './early-engine.ts'

export type OpenEngine = Engine & { close(): Promise<void> }

export interface WholeEngine {
  readonly engine: OpenEngine
  /** Otherwise it tells each call why not, but for those that could be answered early. */
  readonly started: boolean
}

const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href

/** The engine with its lineage, workers and the project's own nodes. */
export async function openWholeEngine(
  project: string,
  early: EarlyAnswers,
  spawner: ProcessSpawner | undefined,
): Promise<WholeEngine> {
  try {
    const engine = await createEngine({ project, catalogue, catalogueUrl, window: true, ...(spawner && { spawner }) })
    return { engine, started: true }
  } catch (error) {
    return { engine: { ...refuseAll(project, error), ...early }, started: false }
  }
}

/** Says why the engine did not start to whoever calls it. */
function refuseAll(project: string, error: unknown): OpenEngine {
  const refuse = async () => {
    if (error instanceof ProblemError) throw error
    const reason = error instanceof Error ? error.message : String(error)
    throw new ProblemError(
      {
        code: 'internal',
        message: `The engine did not start for the project ${project}: ${reason}`,
        fix: 'Close other programs that use this project, then reload the window.',
      },
      { cause: error },
    )
  }
  const methods = Object.fromEntries(engineMethods.map((method) => [method, refuse]))
  return { ...methods, subscribe: () => () => {}, close: async () => {} } as unknown as OpenEngine
}
