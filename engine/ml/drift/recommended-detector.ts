import { Adwin, type AdwinOptions } from './adwin.ts'

/**
 * What Plumbline recommends for a stream of errors: ADWIN that looks for a cut at every fourth
 * observation, with δ = 0.02. It finds a change as soon as HDDM-A does, with nearly none of its false alarms; the
 * figures are in docs/drift.md.
 */
export const recommendedOptions: Partial<AdwinOptions> = { delta: 0.02, clock: 4 }

export const recommendedDetector = () => new Adwin(recommendedOptions)
