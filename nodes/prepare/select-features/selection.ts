import type { FeatureOpinion, Selection } from '#contract'

/** What a step says of a feature that it would discard. */
export interface Complaint {
  readonly feature: string
  readonly reason: string
  readonly value: number | null
  readonly limit: number | null
  readonly twin?: string
}

/** The features on their way through the steps. */
export interface Sieve {
  /** Still in, in the table's order. */
  readonly features: readonly string[]
  /** Of these the ones that must not go. */
  isSpared(feature: string): boolean
  /** Takes out those complained of; one that must stay is only noted. */
  take(step: string, complaints: readonly Complaint[]): void
  /** What there is to tell in the end. */
  selection(target: string, scores: ReadonlyMap<string, number>, scoreLabel: string): Selection
}

export function openSieve(
  all: readonly string[],
  always: readonly string[],
  opinions: readonly FeatureOpinion[],
): Sieve {
  let features = all
  const sayers = (feature: string, wanted: FeatureOpinion['opinion']) =>
    opinions.filter((one) => one.feature === feature && one.opinion === wanted).map(nameOf)
  const isSpared = (feature: string) => always.includes(feature) || sayers(feature, 'keep').length > 0
  const steps: Selection['steps'][number][] = []
  const discarded: Selection['discarded'][number][] = []
  const spared = new Map<string, Selection['kept'][number]['spared']>()
  return {
    get features() {
      return features
    },
    isSpared,
    take(step, complaints) {
      const gone = new Set<string>()
      for (const complaint of complaints) {
        const { feature, reason } = complaint
        if (isSpared(feature)) {
          if (!spared.has(feature)) spared.set(feature, { step, reason, by: sayers(feature, 'keep') })
          continue
        }
        gone.add(feature)
        const asked = sayers(feature, 'ask')
        discarded.push({ ...complaint, step, ...(asked.length > 0 && { asked }) })
      }
      steps.push({ step, before: features.length, discarded: gone.size })
      features = features.filter((feature) => !gone.has(feature))
    },
    selection(target, scores, scoreLabel) {
      const kept = features.map((feature) => {
        const stays = spared.get(feature)
        return { feature, score: scores.get(feature) ?? null, ...(stays && { spared: stays }) }
      })
      return { target, steps, discarded, kept, scoreLabel }
    },
  }
}

const nameOf = ({ reviewer, role }: FeatureOpinion) => (role.trim() ? `${reviewer} (${role.trim()})` : reviewer)
