import { type LearnerRun, trainWith } from '../train-with.ts'
import { fitForest } from './fit-forest.ts'
import { type ForestParams, forestVersion } from './params.ts'

export const trainForest = (run: LearnerRun<ForestParams>) =>
  trainWith(run, { type: 'train/forest', version: forestVersion, params: run.params }, async (rows, part) => {
    const { inputs, params, context } = run
    const fitted = await fitForest({ rows, given: inputs.preparation, params, context, ...(part && { part }) })
    return { ...fitted, extra: fitted.outOfBag }
  })
