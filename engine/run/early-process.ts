import { fileURLToPath } from 'node:url'
import { compiledProgram } from './compiled-program.ts'
import { engineInfo } from './engine-info.ts'
import { forkSpawner, heapMegabytes, type ProcessSpawner, type WorkerProcess } from './process-spawner.ts'

/** A spawner that has begun: the first process it gives was started before anybody asked. */
export interface EarlyProcess extends ProcessSpawner {
  /** Ends the process if nobody asked for it. */
  close(): void
}

/**
 * Starts a process for steps while the engine that will want it is still being loaded. Only of the compiled program, whose
 * modules never change: sources might, until the engine looks at them.
 */
export function earlyStepProcess(project: string): EarlyProcess {
  const worker = fileURLToPath(new URL('./worker.ts', import.meta.url))
  return startEarly(
    forkSpawner({ heapMegabytes: heapMegabytes(engineInfo({ project }).bytes) }),
    compiledProgram()?.modules.get(worker),
  )
}

/** Starts one process of this module at once, or none without a module. */
export function startEarly(spawner: ProcessSpawner, module: string | undefined): EarlyProcess {
  let early = module === undefined ? undefined : spawner.spawn(module)
  const claim = (): WorkerProcess | undefined => {
    const claimed = early
    early = undefined
    return claimed
  }
  early?.hold(false)
  early?.onEnd(claim)
  return {
    spawn(wanted) {
      const started = claim()
      if (started && wanted === module) {
        started.hold(true)
        return started
      }
      started?.kill()
      return spawner.spawn(wanted)
    },
    close: () => claim()?.kill(),
  }
}
