import type { AnyNode, NodeCard } from '#contract'
import type { Store } from '#store/open-store'
import type { Budget } from './budget.ts'
import type { CustomShelf } from './custom/custom-nodes.ts'
import type { Executions } from './executions.ts'
import type { MemoInferContext } from './memo-infer-context.ts'
import type { RunEvents } from './run-events.ts'
import type { SourceCode } from './source-code.ts'
import type { SourceFiles } from './source-files.ts'
import type { WireTables } from './wire-tables.ts'
import type { WorkerPool } from './worker-pool.ts'

/** Everything runs of one engine share. */
export interface Workshop {
  readonly project: string
  readonly threads: number
  readonly catalogue: readonly AnyNode[]
  readonly types: ReadonlyMap<string, AnyNode>
  readonly cards: readonly NodeCard[]
  readonly store: Store
  readonly code: SourceCode
  readonly sources: SourceFiles
  readonly infer: MemoInferContext
  /** The project's own nodes; those that are ready stand in the catalogue too. */
  readonly custom: CustomShelf
  readonly wireTables: WireTables
  readonly pool: WorkerPool
  readonly budget: Budget
  readonly executions: Executions
  readonly events: RunEvents
}
