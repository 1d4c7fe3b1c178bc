import { type Model, type PortSchema, type Problem, ProblemError } from '#contract'

/** Names that stand in addresses and on the command line as NAME@VERSION. */
export const modelName = /^[a-z0-9][a-z0-9._-]*$/

export function needPredictor(model: Pick<Model, 'purpose'>): void {
  const [problem] = purposeProblems(model)
  if (problem) throw new ProblemError(problem)
}

/** A preparation can not be released. */
export function purposeProblems({ purpose }: PortSchema): readonly Problem[] {
  if (purpose !== 'preparation') return []
  return [
    {
      code: 'not-supported',
      message: 'The model at the input is a preparation and predicts nothing.',
      path: ['inputs', 'model'],
      fix: 'Connect the model of a train node',
    },
  ]
}

/** What a model at one port lets the next node know. */
export function modelSchema(model: PortSchema): PortSchema {
  const { purpose, target, classes, features } = model
  return {
    ...(purpose && { purpose }),
    ...(target && { target }),
    ...(classes && { classes }),
    ...(features && { features }),
  }
}
