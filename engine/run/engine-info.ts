import { availableParallelism, totalmem } from 'node:os'
import type { EngineInfo } from '#contract'
import { engineVersion, graphicsName, platformName } from './environment.ts'
import { readProject } from './projects.ts'

/** What an engine of a project says of itself; it uses all threads and three fifths of the memory unless told. */
export function engineInfo(a: {
  readonly project: string
  readonly threads?: number
  readonly bytes?: number
}): EngineInfo {
  return {
    version: engineVersion(),
    project: a.project,
    projectName: readProject(a.project).name,
    platform: platformName(),
    threads: Math.max(1, Math.floor(a.threads ?? availableParallelism())),
    bytes: Math.max(256 << 20, Math.floor(a.bytes ?? usableMemory())),
    gpu: graphicsName(),
  }
}

/** Three fifths of what the machine, or the container, has. */
function usableMemory(): number {
  const limit = process.constrainedMemory()
  return 0.6 * (limit > 0 ? Math.min(limit, totalmem()) : totalmem())
}
