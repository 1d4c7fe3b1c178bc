import { createStore } from 'zustand/vanilla'
import { type DocumentCheck, type Engine, type PipelineDocument, type Problem, problemsOf } from '#contract'
import type { DocumentStore } from './document-store.ts'
import type { RunStore } from './run-store.ts'
import { isRunning } from './run-store.ts'
import { sameJson } from './same-json.ts'

export interface CheckState {
  readonly check: DocumentCheck | null
  /** The document that `check` speaks of. */
  readonly of: PipelineDocument | null
  readonly checking: boolean
  /** Why the engine could not check at all. */
  readonly failure: readonly Problem[]
}

const quietMs = 80

export type CheckStore = ReturnType<typeof createCheckStore>

/** Asks the engine what it makes of the document, shortly after each edit of its logic and after each run. */
export function createCheckStore(engine: Pick<Engine, 'check'>, documents: DocumentStore, runs: RunStore) {
  const store = createStore<CheckState>(() => ({ check: null, of: null, checking: false, failure: [] }))
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function check() {
    const { document, path } = documents.getState()
    if (path === null) return
    const ticket = ++asked
    store.setState({ checking: true })
    try {
      const answer = await engine.check({ document, file: path })
      if (ticket !== asked) return
      const check = { ...answer, nodes: keepSame(store.getState().check?.nodes ?? {}, answer.nodes) }
      store.setState({ check, of: document, checking: false, failure: [] })
    } catch (error) {
      if (ticket === asked) store.setState({ checking: false, failure: problemsOf(error) })
    }
  }

  function soon() {
    clearTimeout(timer)
    if (store.getState().failure.length > 0) store.setState({ failure: [] })
    timer = setTimeout(check, quietMs)
  }

  const stopDocuments = documents.subscribe((now, before) => {
    if (now.path !== before.path) store.setState({ check: null, of: null, failure: [] })
    if (now.path !== before.path || !sameLogic(now.document, before.document)) soon()
  })
  const stopRuns = runs.subscribe((now, before) => {
    if (isRunning(before) && !isRunning(now)) soon()
  })

  function stop() {
    clearTimeout(timer)
    stopDocuments()
    stopRuns()
  }
  return { ...store, recheck: soon, stop }
}

/** Nodes of which nothing new is said stay the same objects, so that they are not drawn anew. */
function keepSame(before: DocumentCheck['nodes'], now: DocumentCheck['nodes']): DocumentCheck['nodes'] {
  const kept = Object.entries(now).map(([id, node]) => [id, sameJson(before[id], node) ? before[id]! : node] as const)
  return Object.fromEntries(kept)
}

/** Whether two documents compute the same: places, frames, notes, name and description left aside. */
export function sameLogic(a: PipelineDocument, b: PipelineDocument): boolean {
  const parts = ['nodes', 'edges', 'seed', 'inputs', 'groups'] as const
  return parts.every((part) => a[part] === b[part])
}
