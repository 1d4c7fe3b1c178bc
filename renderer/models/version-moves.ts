import type { ModelStage, ModelVersion, RegisteredModel } from '#contract'
import { modelsMessages as words } from './models-messages.ts'

/** Columns of the board, in the order a version passes through them. */
export const boardStages = [
  { stage: 'development', title: words.stages.development },
  { stage: 'acceptance', title: words.stages.acceptance },
  { stage: 'production', title: words.stages.production },
  { stage: 'retired', title: words.stages.retired },
] as const satisfies readonly { readonly stage: ModelStage; readonly title: string }[]

const next: Readonly<Record<ModelStage, readonly ModelStage[]>> = {
  development: ['acceptance', 'production'],
  acceptance: ['production', 'retired'],
  production: [],
  retired: ['production'],
}

/** Where a person may move a version from where it stands; production is left by rollback or by what replaces it. */
export const movesOf = ({ stage }: Pick<ModelVersion, 'stage'>): readonly ModelStage[] => next[stage]

export interface ReviewerState {
  readonly role: string
  readonly state: 'approved' | 'rejected' | 'missing'
  readonly who?: string
}

/** How the reviewers stand whom any stage asks for, each role once. */
export function reviewerStates(
  model: Pick<RegisteredModel, 'reviewers'>,
  { reviews }: Pick<ModelVersion, 'reviews'>,
): readonly ReviewerState[] {
  return [...new Set(model.reviewers.map(({ role }) => role))].map((role) => {
    const own = reviews.filter((review) => review.role.trim().toLowerCase() === role.trim().toLowerCase())
    const rejection = own.find(({ decision }) => decision === 'reject')
    const newest = rejection ?? own.at(-1)
    if (!newest) return { role, state: 'missing' }
    return { role, state: rejection ? 'rejected' : 'approved', who: newest.reviewer }
  })
}

/** "version 2 answers at 127.0.0.1:8600": what the servers do, in words. */
export function servingText({ servers }: Pick<RegisteredModel, 'servers'>): string {
  if (servers.length === 0) return words.notServed
  return servers.map(({ version, address }) => words.answersAt(version, address.replace(/^http:\/\//, ''))).join(', ')
}
