import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AnyNode } from '#contract'
import { artifactsFolder } from '#store/open-store'
import { programModules } from './compiled-program.ts'
import { engineVersion } from './environment.ts'
import { forkSpawner, heapMegabytes, type ProcessSpawner } from './process-spawner.ts'
import { createWorkerPool, type WorkerPool } from './worker-pool.ts'

/** The processes that run the steps of a project with the program's own nodes. */
export function openStepProcesses(a: {
  readonly project: string
  readonly catalogue: readonly AnyNode[]
  readonly catalogueUrl: string
  readonly bytes: number
  readonly window?: boolean | undefined
  readonly spawner?: ProcessSpawner | undefined
  readonly stamp: () => string
}): WorkerPool {
  const { project, catalogueUrl, bytes, stamp } = a
  const sources = {
    worker: new URL('./worker.ts', import.meta.url),
    catalogue: new URL(catalogueUrl),
    ...nodeModules(a.catalogue, catalogueUrl),
  }
  return createWorkerPool({
    stamp,
    spawner: a.spawner ?? forkSpawner({ heapMegabytes: heapMegabytes(bytes) }),
    launch() {
      const { worker, catalogue, ...nodes } = programModules<string>(sources) as Record<string, URL> & typeof sources
      return {
        module: fileURLToPath(worker),
        setup: {
          project,
          artifacts: artifactsFolder(project),
          engineVersion: engineVersion(),
          catalogueUrl: catalogue.href,
          nodes: Object.fromEntries(Object.entries(nodes).map(([type, url]) => [type, url.href])),
          ...(a.window && { window: true }),
        },
      }
    },
  })
}

/** Nodes that lie beside the catalogue, each in its own folder, by type. */
function nodeModules(catalogue: readonly AnyNode[], catalogueUrl: string): Readonly<Record<string, URL>> {
  const modules = catalogue.map(({ type }) => [type, new URL(`./${type}/node.ts`, catalogueUrl)] as const)
  return Object.fromEntries(modules.filter(([, url]) => existsSync(url)))
}
