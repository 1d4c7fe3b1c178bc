import type { ForestKernels, ForestOptions } from '#contract'
import { forestDefaults, forestImportance, growForest } from '../trees/forest.ts'

/** Scores columns for a target it knows: one number a column, larger matters more. `run` seeds what is random in it. */
export type ImportanceOf = (columns: readonly Float64Array[], run: number) => Promise<Float64Array>

/** Mean decrease in impurity in a random forest; each run grows another one from the same seed. */
export function forestImportanceOf(
  kernels: ForestKernels,
  labels: Float64Array,
  classes: number,
  options: Pick<ForestOptions, 'seed' | 'threads'> & Partial<ForestOptions>,
): ImportanceOf {
  return async (columns, run) => {
    const settings = { ...forestDefaults(columns.length, classes), ...options, seed: options.seed + run }
    const forest = await growForest(kernels, { columns, labels, classes }, settings)
    return forestImportance(forest, columns.length)
  }
}
