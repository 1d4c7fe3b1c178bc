import type { AnyNode, RegistryRequest } from '#contract'
import type { NewArtifact, StepResult } from '#store/records'
import { grantRequest } from '#store/registry'
import { keepArtifact, keepResult } from '#store/step-cache'
import { recordStep } from '#store/write-step'
import { type Session, stepRecord } from './session.ts'
import type { KeyedStep } from './step-key.ts'
import { writeBatch } from './write-batch.ts'
import { writeContainer } from './write-container.ts'

export interface Commitment {
  readonly definition: AnyNode
  readonly keyed: KeyedStep
  readonly result: StepResult<NewArtifact>
  readonly asked: readonly RegistryRequest[]
  /** Whether the run that began the step still wants it. */
  readonly wanted: boolean
}

/**
 * Enters a step in the lineage, in one transaction with what it asked of the registry: a request that is refused leaves
 * neither. What the registry answered becomes the card's text.
 */
export function commitStep(session: Session, node: string, a: Commitment): StepResult {
  const { store } = session.workshop
  const { definition, keyed, result, wanted } = a
  const record = (made: StepResult) =>
    recordStep(store.db, session.run, stepRecord(session, node, { status: 'done', keyed, result: made, ms: result.ms }))
  if (!definition.effect) {
    store.db.transaction(() => {
      keepResult(store.db, keyed.key, result)
      if (wanted) record(result)
    })
    return result
  }
  return store.db.lastingTransaction(() => {
    for (const artifact of Object.values(result.outputs)) keepArtifact(store.db, artifact)
    if (!wanted) return result
    const text = a.asked.map((request) => grant(session, request, result)).join('; ')
    const made = text === '' ? result : { ...result, card: { ...result.card, text } }
    record(made)
    return made
  })
}

function grant(session: Session, request: RegistryRequest, { outputs }: StepResult): string {
  const { store, project } = session.workshop
  const granted = grantRequest(store.db, request, { run: session.run.id, outputs })
  if (request.type === 'container') writeContainer({ project, files: store.files, request, ...granted })
  if (request.type === 'batch') writeBatch({ project, request, ...granted })
  return granted.text
}
