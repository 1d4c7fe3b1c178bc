import { ProblemError } from '#contract'
import { Adwin } from './adwin.ts'
import { Ddm } from './ddm.ts'
import type { DetectorJson, DriftDetector, SavedState } from './detector.ts'
import { Eddm } from './eddm.ts'
import { Fhddm } from './fhddm.ts'
import { HddmA } from './hddm-a.ts'
import { HddmW } from './hddm-w.ts'
import { Kswin } from './kswin.ts'
import { PageHinkley } from './page-hinkley.ts'

type Make = new (options?: Readonly<Record<string, unknown>>, saved?: SavedState) => DriftDetector

/** Every detector of one number at a time, by its kind. */
export const streamDetectors: Readonly<Record<string, Make>> = {
  adwin: Adwin,
  ddm: Ddm,
  eddm: Eddm,
  fhddm: Fhddm,
  'hddm-a': HddmA,
  'hddm-w': HddmW,
  kswin: Kswin,
  'page-hinkley': PageHinkley,
}

/** A detector of the given kind, where it stood when `toJson` was called. */
export function detectorFromJson(json: DetectorJson): DriftDetector {
  const Detector = Object.hasOwn(streamDetectors, json.kind) ? streamDetectors[json.kind] : undefined
  if (Detector) return new Detector(json.options, json.state)
  throw new ProblemError({
    code: 'data-bad',
    message: `The saved detector names the kind "${String(json.kind).slice(0, 40)}", which does not exist.`,
    fix: `Use a saved detector of one of the kinds ${Object.keys(streamDetectors).join(', ')}.`,
  })
}
