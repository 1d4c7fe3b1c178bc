import type { AnyNode, Engine, RunSummary } from '#contract'

export interface EngineOptions {
  /** The project folder. */
  readonly project: string
  readonly catalogue: readonly AnyNode[]
  /** The module worker processes import; exports `catalogue`. */
  readonly catalogueUrl: string
  readonly threads?: number
  readonly bytes?: number
}

export interface OpenEngine extends Engine {
  /** Ends workers and closes the lineage. Running work is cancelled. */
  close(): Promise<void>
  /** Settles when a run of this engine has ended. */
  idle(run: string): Promise<RunSummary>
}

export async function createEngine(_options: EngineOptions): Promise<OpenEngine> {
  throw new Error('comes next')
}
