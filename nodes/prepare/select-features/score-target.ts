import type { ScoreTarget } from '#ml/select/score-feature'
import type { LearnerRows } from '../../train/learner.ts'

export const scoreTarget = (rows: LearnerRows): ScoreTarget =>
  'codes' in rows
    ? { kind: 'classes', codes: rows.codes, classes: rows.classes.length }
    : { kind: 'numbers', values: rows.values }
