import type { CaseReasons } from '#contract'
import type { Explained } from '../reasons.ts'

/** Reasons as a case keeps them. */
export const caseReasons = (explained: Explained): CaseReasons =>
  'reasons' in explained ? explained.reasons : { notAvailable: explained.reasonsNotAvailable }
