import type { Cells, ForestKernels, ForestOptions } from '#contract'
import { forestDefaults, forestImportance, growForest } from '../trees/forest.ts'
import { levelColumns } from './level-columns.ts'

/** Scores columns for a target it knows: one number a column, larger matters more. `run` seeds what is random in it. */
export type ImportanceOf<C = Float64Array> = (columns: readonly C[], run: number) => Promise<Float64Array>

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

/** The same for columns of any kind: a text is grown as one column a level, and counts with all of them together. */
export function cellsImportanceOf(importanceOf: ImportanceOf): ImportanceOf<Cells> {
  return async (columns, run) => {
    const parts = columns.map((cells) => (cells.kind === 'number' ? [cells.values] : levelColumns(cells)))
    const own = await importanceOf(parts.flat(), run)
    let at = 0
    return Float64Array.from(parts, ({ length }) => {
      const sum = own.subarray(at, at + length).reduce((a, b) => a + b, 0)
      at += length
      return sum
    })
  }
}
