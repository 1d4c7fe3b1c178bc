import v8 from 'node:v8'
import type { OpenEngine } from '#run/engine'

/** The engine in this process, for one project. Loading it takes the longest of all: only commands that need it call this. */
async function openEngine(project: string): Promise<OpenEngine> {
  // Loading makes most of the objects there are: room that the young ones take meanwhile is never given back.
  v8.setFlagsFromString('--semi-space-growth-factor=1')
  const [{ createEngine }, { catalogue }] = await Promise.all([import('#run/engine'), import('#nodes')])
  const catalogueUrl = new URL('../../nodes/catalogue.ts', import.meta.url).href
  return createEngine({ project, catalogue, catalogueUrl })
}

/** Does some work with an engine and closes it whatever happens. */
export async function withEngine<T>(project: string, work: (engine: OpenEngine) => Promise<T>): Promise<T> {
  const engine = await openEngine(project)
  try {
    return await work(engine)
  } finally {
    await engine.close()
  }
}
