import { z } from 'zod'

type When = Readonly<Record<string, readonly string[]>>

/** What only classes need; `when` says by which parameter they are told from numbers. */
export const classSettings = (when: When) => ({
  classWeight: z.enum(['none', 'balanced']).default('none').meta({
    title: 'Class weight',
    description: 'Balanced gives every class the same total weight.',
    when,
  }),
  positive: z.string().default('').meta({
    title: 'Positive class',
    description: 'The class that counts as yes; empty takes yes, true, 1, approved or good, else the last in order.',
    when,
    advanced: true,
  }),
  threshold: z.number().min(0).max(1).default(0.5).meta({
    title: 'Threshold',
    description: 'The probability from which the positive class is predicted.',
    widget: 'slider',
    when,
  }),
})

/** Cross-validation, with so many folds unless told. */
export const foldSetting = (usual: 0 | 5) =>
  z.literal([0, 3, 5, 10]).default(usual).meta({
    title: 'Cross-validation folds',
    description: 'Fits the model this many times more for a score on rows it has not seen; 0 for none.',
    unit: 'folds',
  })

/** Parameters that learners share; each takes those it has. */
export const shared = {
  target: z.string().default('').meta({
    title: 'Target',
    description: 'The column to predict; empty takes the column of role target.',
    widget: 'column',
  }),
  kind: z.enum(['auto', 'classes', 'numbers']).default('auto').meta({
    title: 'Kind',
    description: 'Auto predicts classes for text and boolean targets, numbers for numeric ones.',
  }),
  ...classSettings({ kind: ['auto', 'classes'] }),
  folds: foldSetting(0),
}
